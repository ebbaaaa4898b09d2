package versions

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// embeddedSeries has one series a line, the latest of a runtime first.
//
//go:embed series.json
var embeddedSeries []byte

// Series is a release series of a runtime, as in series.json.
type Series struct {
	ID   ID     `json:"id"`
	Name string `json:"series"`        // "3.13" or "24"
	End  string `json:"end"`           // last day of support, "2029-10-31"
	LTS  string `json:"lts,omitempty"` // the name of a series of Node.js with long-term support, "Krypton"
}

// ltsSeries returns Node's series with long-term support, latest first.
var ltsSeries = sync.OnceValue(func() (all []Series) {
	for _, s := range parsed[Series]("series.json", embeddedSeries) {
		if s.LTS != "" {
			all = append(all, s)
		}
	}
	return all
})

// seriesOfName returns the series of "iron", without regard to case, or "" if there is none.
func seriesOfName(name string) string {
	for _, s := range ltsSeries() {
		if strings.EqualFold(s.LTS, name) {
			return s.Name
		}
	}
	return ""
}

// parsed returns the entries of an embedded file, which tests have parsed.
func parsed[T any](name string, text []byte) (all []T) {
	if err := json.Unmarshal(text, &all); err != nil {
		panic(fmt.Sprintf("parse embedded %s: %v", name, err))
	}
	return all
}
