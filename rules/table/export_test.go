package table

// NewCondition returns the AND of terms, as no file would write it.
func NewCondition(terms ...Term) Condition { return Condition{terms} }
