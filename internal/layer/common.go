package layer

// Common is the part that all keys share.
type Common struct {
	Format string `json:"format" say:"form of the layers"`
	Arch   string `json:"arch" say:"architecture"`
	Distro string `json:"distro" say:"distribution"`
	Layers string `json:"layers" say:"layers folder"` // their path is in programs of virtual environments
}

// Format is raised when layers are created in another way: metadata of any earlier version of Tandem comes back.
const Format = "6"
