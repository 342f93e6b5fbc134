package dataset_test

import (
	"fmt"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/sample"
)

func Example() {
	in, _ := instrument.Parse([]byte(fixture.SmallSource))
	b := dataset.NewBuilder(dataset.Info{Study: "proef"}, form.New(in), []sample.Column{{ID: "regio", Label: "Regio"}}, []string{"regio"})
	for i, region := range []string{"Noord", "Zuid", "Zuid", "Noord"} {
		check(b.AddUnit(dataset.Unit{Code: fmt.Sprintf("GM%04d", i+1), Background: map[string]string{"regio": region}}))
	}
	for unit, values := range map[string]answer.Values{
		"GM0002": {"samen": "1", "fase_bao": "3"},
		"GM0003": {"samen": "1", "fase_bao": "8"},
		"GM0004": {"samen": "2", "waarom": "geen tijd"},
	} {
		check(b.Add(answer.Filled{Unit: unit, Mode: answer.Web, Status: answer.Submitted, Revision: 1, Answers: values}))
	}
	d, err := b.Build()
	check(err)
	d, err = d.Derive("ver", "Hoe ver", dataset.Rule{From: "fase_bao", Groups: []dataset.Group{
		{ID: "begin", Label: "In het begin", Values: []string{"start", "opbouw"}},
		{ID: "klaar", Label: "Klaar", Values: []string{"klaar"}},
	}})
	check(err)
	for at := range d.Cases() {
		c := d.Column("ver")
		if v, ok := c.Value(c.Cell(at)); ok && !v.Missing {
			fmt.Println(d.Unit(at), v.Label)
		} else {
			fmt.Println(d.Unit(at), c.Missing(at))
		}
	}
	south, err := d.Filter(dataset.Filter{Where: "regio = zuid"})
	check(err)
	population, _ := south.Population()
	fmt.Println(south.Len(), "of", population.Len(), "in the south")
	// Output:
	// GM0002 Klaar
	// GM0003 geen_zicht
	// GM0004 niet_getoond
	// 2 of 2 in the south
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
