package page

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// fault is a switch of the provider as a page offers it.
type fault struct {
	Name, Label, About string
	kind               fakeprovider.Kind
	fault              fakeprovider.Fault
}

// How long and how strong the switches are.
const (
	slowBy     = 2 * time.Second
	missingFor = 15 * time.Second
	copies     = 3
)

// faults are the switches, those that every call feels first.
func faults() []fault {
	return []fault{
		{"slow", "Slow", "Every call is answered 2 s late.", fakeprovider.Any, fakeprovider.Fault{Mode: fakeprovider.Slow, DelayMS: slowBy.Milliseconds()}},
		{"failing", "Down (503)", "Every call gets 503, and nothing is done.", fakeprovider.Any, fakeprovider.Fault{Mode: fakeprovider.Failing}},
		{"limit", "Rate limit (429)", "Every call gets 429 with Retry-After.", fakeprovider.Any, fakeprovider.Fault{Mode: fakeprovider.TooMany, DelayMS: 1000}},
		{"missing", "404 for 15 s", "Reading an order finds nothing for a while, as just after completion.", fakeprovider.Read,
			fakeprovider.Fault{Mode: fakeprovider.Missing, ForMS: missingFor.Milliseconds()}},
		{"lost", "Lost reply, once", "The next acknowledgement is done, and its answer lost.", fakeprovider.Acknowledge,
			fakeprovider.Fault{Mode: fakeprovider.LostReply, Times: 1}},
		{"copies", "Duplicate pushes", "Every push comes three times at once.", fakeprovider.Push,
			fakeprovider.Fault{Mode: fakeprovider.Duplicated, Copies: copies}},
		{"dropped", "Pushes get lost", "No push is sent, as where a firewall eats them.", fakeprovider.Push, fakeprovider.Fault{Mode: fakeprovider.Dropped}},
	}
}

// faultRow is a switch and how it stands.
type faultRow struct {
	fault
	On bool
}

// faultRows are the switches of a page; other are faults that were set elsewhere.
func (p *pages) faultRows() (rows []faultRow, other []string) {
	all := p.sim.Provider().Faults()
	for _, f := range faults() {
		rows = append(rows, faultRow{f, slices.ContainsFunc(all[f.kind], f.is)})
	}
	for _, kind := range fakeprovider.Kinds() {
		for _, set := range all[kind] {
			if !slices.ContainsFunc(faults(), func(f fault) bool { return f.is(set) && (f.kind == kind || f.kind == fakeprovider.Any) }) {
				other = append(other, fmt.Sprintf("%s: %s", kind, set.Mode))
			}
		}
	}
	return rows, other
}

// is reports whether a fault of the provider is this switch.
func (f fault) is(set fakeprovider.Fault) bool { return set.Mode == f.fault.Mode && set.Order == "" }

// faultsOn is how many switches are on.
func (p *pages) faultsOn() int {
	rows, other := p.faultRows()
	n := len(other)
	for _, row := range rows {
		if row.On {
			n++
		}
	}
	return n
}

var errFault = errors.New("there is no such switch")

// turn sets one switch and leaves the others. A kind with faults of its own does not feel those of every call, so it gets them
// besides.
func (p *pages) turn(name string, on bool) error {
	i := slices.IndexFunc(faults(), func(f fault) bool { return f.Name == name })
	if i < 0 {
		return errFault
	}
	rows, _ := p.faultRows()
	rows[i].On = on
	byKind := map[fakeprovider.Kind][]fakeprovider.Fault{}
	for _, row := range rows {
		if row.On {
			byKind[row.kind] = append(byKind[row.kind], row.fault.fault)
		}
	}
	var errs []error
	for _, kind := range []fakeprovider.Kind{fakeprovider.Any, fakeprovider.Read, fakeprovider.Acknowledge, fakeprovider.Push} {
		list := byKind[kind]
		if len(list) > 0 && (kind == fakeprovider.Read || kind == fakeprovider.Acknowledge) {
			list = append(list, byKind[fakeprovider.Any]...)
		}
		errs = append(errs, p.sim.Provider().SetFault(kind, list...))
	}
	return errors.Join(errs...)
}

// maxSpeed bounds the clock: an hour of the provider in a real second.
const maxSpeed = 3600

// speeds are those that a page offers.
func speeds() []int64 { return []int64{1, 10, 60, 600, maxSpeed} }

// provider turns a switch of the provider.
func (p *pages) provider(w http.ResponseWriter, r *http.Request) {
	var err error
	switch r.PathValue("switch") {
	case "fault":
		err = p.turn(r.PostFormValue("fault"), r.PostFormValue("on") == "yes")
	case "calm":
		p.sim.Provider().ClearFaults()
	case "clock":
		n, bad := strconv.ParseInt(r.PostFormValue("speed"), 10, 64)
		if bad != nil || n < 1 || n > maxSpeed {
			err = fmt.Errorf("speed: want 1 to %d", maxSpeed)
		} else {
			err = p.sim.Provider().SetSpeed(n)
		}
	default:
		p.notFound(w, r)
		return
	}
	if err != nil {
		p.fail(w, r, http.StatusBadRequest, err.Error())
		return
	}
	back(w, r)
}

// service takes the service out or puts it back.
func (p *pages) service(w http.ResponseWriter, r *http.Request) {
	if p.o.Plug == nil {
		p.fail(w, r, http.StatusConflict, "The service does not run in this process.")
		return
	}
	ctx, end := stepContext(r)
	defer end()
	if err := p.o.Plug.Plug(ctx, r.PostFormValue("plugged") == "yes"); err != nil {
		p.fail(w, r, http.StatusInternalServerError, err.Error())
		return
	}
	back(w, r)
}
