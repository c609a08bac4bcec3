package callbacks

// shippingOptionUpdate answers the cart with the freight of the option the buyer just chose. Only the option's id is
// taken from the request: its price and tax come from the tables, and an option that is not offered at this address
// gives way to the preselected one.
func (s *Server) shippingOptionUpdate(x *exchange) error { return x.answerCart() }
