package demo

// Grade and Published give the tests the published results.
type Grade = grade

func Published(instrument string) map[string]table { return published(instrument) }
