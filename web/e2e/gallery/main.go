// Command gallery writes every example page and the static files to a folder,
// for the browser tests beside it: go run ./web/e2e/gallery DIR.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/a-h/templ"

	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/static"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gallery DIR")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
}

func write(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, "static"), 0o755); err != nil {
		return err
	}
	for _, p := range static.Paths() {
		content, _, _ := static.File(p)
		if err := os.WriteFile(filepath.Join(dir, p), content, 0o644); err != nil {
			return err
		}
	}
	var list page.Gallery
	for _, e := range page.Examples() {
		list.Items = append(list.Items, page.GalleryItem{ID: e.ID, Title: e.Title})
		if err := render(filepath.Join(dir, e.ID), e.View); err != nil {
			return fmt.Errorf("%s: %w", e.ID, err)
		}
	}
	return render(filepath.Join(dir, "index"), list.View())
}

func render(path string, c templ.Component) error {
	f, err := os.Create(path + ".html")
	if err != nil {
		return err
	}
	if err := c.Render(context.Background(), f); err != nil {
		_ = f.Close() // the first error is the one to tell
		return err
	}
	return f.Close()
}
