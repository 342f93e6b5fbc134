// Package static holds the files that pages ask for beside themselves: the
// style sheets, the script of web/src and the icon. Every file has a path with a hash of its content,
// so that it may be kept for ever. It knows nothing of HTTP.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"path"
	"strings"
)

// Prefix is where all paths start.
const Prefix = "/static/"

//go:embed *.css *.js *.svg
var files embed.FS

// A file is the content at one hashed path.
type file struct {
	content     []byte
	zipped      []byte
	contentType string
}

var (
	pathOf = map[string]string{} // by name
	fileAt = map[string]file{}   // by path
)

func init() {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // embedded: cannot fail at run time
	}
	for _, e := range entries {
		content, err := files.ReadFile(e.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(content)
		ext := path.Ext(e.Name())
		p := Prefix + strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		pathOf[e.Name()], fileAt[p] = p, file{content, zip(content), contentTypes[ext]}
	}
}

// zip packs content with gzip. Writing to memory does not fail.
func zip(content []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = w.Write(content)
	_ = w.Close()
	return b.Bytes()
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// Path returns the path of the file with the given name, as "uitvraag.css". It
// panics when there is none: the name stands in our own templates.
func Path(name string) string {
	p, ok := pathOf[name]
	if !ok {
		panic("static: no file " + name)
	}
	return p
}

// Paths returns every path, by name.
func Paths() map[string]string {
	all := make(map[string]string, len(pathOf))
	for name, p := range pathOf {
		all[name] = p
	}
	return all
}

// Zipped returns the same as File, packed with gzip.
func Zipped(path string) []byte { return fileAt[path].zipped }

// File returns what is at a path that Path gave. It never changes.
func File(path string) (content []byte, contentType string, ok bool) {
	f, ok := fileAt[path]
	return f.content, f.contentType, ok
}
