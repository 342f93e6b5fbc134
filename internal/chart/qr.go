// Package chart draws figures and QR codes as SVG, from numbers, labels and
// links. It does not know where those came from, nor the page that they stand
// on: it must never know tables or HTML. It hands out what stands inside an
// SVG; the page writes the element, its size and its text alternative.
package chart

import (
	"fmt"
	"strings"

	"github.com/skip2/go-qrcode"
)

// A Code is a QR code, to be drawn dark on light, in units of one module:
//
//	<svg viewBox="0 0 {Size} {Size}" shape-rendering="crispEdges"><path d="{Path}"/></svg>
//
// Readers need the light edge, so nothing may stand in it, and in a dark page
// the svg keeps a white ground.
type Code struct {
	Size int    // of a side in modules, with the light edge of four on each side
	Path string // of the dark modules: one box for each run in a row
}

// QR returns the code of text, with error correction M: readable with 15 % of
// it stained or torn. It fails where text is empty or does not fit in any code
// (about 2,300 bytes).
func QR(text string) (Code, error) {
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return Code{}, fmt.Errorf("qr: %w", err)
	}
	dark := q.Bitmap()
	var path strings.Builder
	for y, row := range dark {
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if n := x - from; n > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from, y, n, n)
			}
		}
	}
	return Code{Size: len(dark), Path: path.String()}, nil
}
