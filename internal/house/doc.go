// Package house checks the repository itself. It has tests only.
package house
