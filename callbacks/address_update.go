package callbacks

// addressUpdate answers the cart as it is at the address the buyer just gave. Early calls are thin: an address may
// hold only a country.
func (s *Server) addressUpdate(x *exchange) error { return x.answerCart() }
