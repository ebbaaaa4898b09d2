package versions

// Request is a version that a file, a variable or a default requests.
type Request struct {
	Want   string // exact, a series or a range; empty or "*" if any version will do
	Source string // where it is written, "engines.node in package.json"; empty for a choice of Tandem's own
}

// First returns the first request that is not empty.
func First(all ...Request) Request {
	for _, r := range all {
		if r.Want != "" {
			return r
		}
	}
	return Request{}
}

// Ask is all that a build asks of one runtime.
type Ask struct {
	ID     ID
	First  Request   // the first one in the order of precedence
	Within []Request // the version must satisfy these too
	Prefer []string  // the series to look in first if nothing ends the range, best first
	Choice Request   // the one of First and Within that is not a constraint; empty if there is none
}

// Requests returns First and Within.
func (a Ask) Requests() []Request { return append([]Request{a.First}, a.Within...) }
