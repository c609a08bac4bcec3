package fakesink

import (
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/kvitto/kvitto/internal/faults"
)

// controlPath begins what steers the fake from another process.
//
//	PUT /_control/faults    replaces the faults: a list of faults.Fault
//	GET /_control/faults
//	GET /_control/history   all deliveries
const controlPath = "/_control/"

// control answers what is meant for it.
func (s *Sink) control(w http.ResponseWriter, r *http.Request) bool {
	name, ok := strings.CutPrefix(r.URL.Path, controlPath)
	if !ok {
		return false
	}
	var answer any
	switch r.Method + " " + name {
	case "PUT faults":
		var list []faults.Fault
		err := json.UnmarshalRead(http.MaxBytesReader(w, r.Body, maxBody), &list, json.RejectUnknownMembers(true))
		if err == nil {
			err = s.SetFault(list...)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return true
		}
		w.WriteHeader(http.StatusNoContent)
		return true
	case "GET faults":
		answer = append([]faults.Fault{}, s.Faults()...)
	case "GET history":
		answer = append([]Delivery{}, s.Deliveries()...)
	default:
		http.Error(w, "no such switch: "+r.Method+" "+r.URL.Path, http.StatusNotFound)
		return true
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.MarshalWrite(w, answer); err != nil {
		panic(http.ErrAbortHandler) // the caller is gone
	}
	return true
}
