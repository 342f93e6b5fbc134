package server

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// takesGzip reports whether the browser reads gzip. Pages may be packed: none
// holds a secret beside text of somebody else's choice (BREACH), and another
// site cannot ask for a page with our cookie.
func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) == "gzip" {
			q, ok := strings.CutPrefix(strings.TrimSpace(weight), "q=")
			n, err := strconv.ParseFloat(q, 64)
			return !ok || err == nil && n > 0
		}
	}
	return false
}

// writeGzip sends what was packed.
func writeGzip(w http.ResponseWriter, status int, packed []byte) error {
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Content-Length", strconv.Itoa(len(packed)))
	w.WriteHeader(status)
	_, _ = w.Write(packed) // the reader has gone; nobody is left to tell
	return nil
}

var packers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// gzipped packs a page. Writing to memory does not fail.
func gzipped(page []byte) []byte {
	var b bytes.Buffer
	w := packers.Get().(*gzip.Writer)
	defer packers.Put(w)
	w.Reset(&b)
	_, _ = w.Write(page)
	_ = w.Close()
	return b.Bytes()
}
