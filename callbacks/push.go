package callbacks

import "net/http"

// push says that an order is complete. The body is empty by contract and not looked at; the id is in the URL. It is
// answered as soon as the order is recorded: 202, or 200 where the provider already knows that it was taken.
func (s *Server) push(x *exchange) error {
	if err := x.dropBody(); err != nil {
		return err
	}
	st, err := x.taken()
	if err != nil {
		return err
	}
	status := http.StatusAccepted
	if st.State == Acked {
		status = http.StatusOK
	}
	x.stands(st)
	x.send(status, mediaJSON, append(x.out[:0], approval...))
	return nil
}
