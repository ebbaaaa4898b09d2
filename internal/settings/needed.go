package settings

import "slices"

// Needed returns the variables that a container needs: Variables, and Key.
func (s Settings) Needed() []Variable {
	isKey := func(v Variable) bool { return v.Name == s.Key.Name }
	if s.Key.Name == "" || slices.ContainsFunc(s.Variables, isKey) {
		return s.Variables
	}
	return append(slices.Clip(s.Variables), s.Key)
}
