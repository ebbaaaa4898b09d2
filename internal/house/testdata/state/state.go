// Package state has each way to assign to a package variable, for the test that finds them.
package state

var (
	number int
	table  = map[string]int{}
	list   []int
	point  struct{ x int }
)

func writes(at *int) {
	number = 1
	number++
	table["a"] = 2
	delete(table, "a")
	point.x, list = 3, nil
	for number = range list {
		*at = number
	}
}

func onlyReads() {
	number := number
	number = 2
	table := map[string]int{"a": table["a"]}
	table["b"] = number
	delete(table, "b")
	{
		point := point
		point.x++
	}
}
