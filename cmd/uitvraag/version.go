package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"runtime/debug"
)

// version tells which program this is, and with --sbom what it is made of.
//
// The program writes its own list: what the linker put in is in the file, so that
// the list can be asked of any copy, also years later, and cannot be of another
// build. A tool would read the same.
func version(_ context.Context, sh shell, fs *flag.FlagSet) error {
	sbom := fs.Bool("sbom", false, "print what it is made of, as CycloneDX 1.6")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("this program was built without a list of its modules")
	}
	if !*sbom {
		_, err := fmt.Fprintln(sh.stdout, software(), b.GoVersion)
		return err
	}
	e := json.NewEncoder(sh.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(bill(b))
}

// A part is a component of CycloneDX: a module, or the toolchain.
type part struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	PURL       string     `json:"purl"`
	Properties []property `json:"properties,omitempty"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

func module(m *debug.Module, kind string) part {
	if m.Replace != nil {
		m = m.Replace
	}
	p := part{Type: kind, Name: m.Path, Version: m.Version, PURL: "pkg:golang/" + m.Path + "@" + m.Version}
	if p.Ref = p.PURL; m.Sum != "" {
		p.Properties = []property{{"go:sum", m.Sum}} // of the module as go.sum has it, no digest of a file
	}
	return p
}

// bill is the list in the order of the file, without a moment: the same program
// gives the same bytes.
func bill(b *debug.BuildInfo) map[string]any {
	main := module(&b.Main, "application")
	for _, s := range b.Settings {
		main.Properties = append(main.Properties, property{"go:" + s.Key, s.Value})
	}
	parts := []part{{Type: "platform", Ref: "pkg:golang/stdlib@" + b.GoVersion, Name: "Go", Version: b.GoVersion, PURL: "pkg:golang/stdlib@" + b.GoVersion}}
	on := []string{parts[0].Ref}
	for _, d := range b.Deps {
		p := module(d, "library")
		parts, on = append(parts, p), append(on, p.Ref)
	}
	return map[string]any{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": map[string]any{"component": main},
		"components": parts, "dependencies": []dependency{{main.Ref, on}}}
}
