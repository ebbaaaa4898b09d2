// Package places has string literals, for the test that finds them.
package places

import "fmt"

type tagged struct {
	field string `json:"tag"`
}

var variable = tagged{field: `a`}

func call() { fmt.Println(variable, "b", "c", 1, "d") }
