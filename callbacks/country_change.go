package callbacks

// countryChange answers the cart as it is in the country the buyer just chose. A country without prices in the order's
// currency sends the buyer to the page that the configuration names for it, or is not served. The provider may or may
// not send an address update for the same change: both are answered the same.
func (s *Server) countryChange(x *exchange) error { return x.answerCart() }
