package server

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// A dataFile is data that somebody asks for as a file.
type dataFile struct {
	study    study.Study
	audience string
	form     *form.Form
	data     *dataset.Dataset
	options  export.Options
	software string
	store    *store.Store
}

// A dataFormat is one kind of file.
type dataFormat struct {
	id, text, ext, mime string
	write               func(*dataFile, context.Context, io.Writer) error
}

// dataFormats are the files of data, in the order in which they are offered.
// The research file says in its name that nothing in it is guarded against
// spreadsheets (standards I4).
var dataFormats = []dataFormat{
	{"zip", "Alles voor onderzoek: CSV, met SPSS- en R-bestand en codeboek (zip)", ".zip", "application/zip", (*dataFile).zip},
	{"sav", "SPSS (sav)", ".sav", "application/x-spss-sav", (*dataFile).sav},
	{"xlsx", "Excel (xlsx)", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (*dataFile).xlsx},
	{"csv-excel", "CSV om in Excel te openen", ".csv", "text/csv; charset=utf-8", (*dataFile).csvExcel},
	{"csv", "CSV zoals opgeslagen, niet voor Excel", "_ruw.csv", "text/csv; charset=utf-8", (*dataFile).csv},
	{"ddi", "Beschrijving in DDI-Codebook 2.5 (xml)", ".xml", "application/xml", (*dataFile).ddi},
}

func (f *dataFile) manifest() (dataset.Manifest, error) { return f.data.Write(io.Discard, f.software) }

func (f *dataFile) about() export.DDIStudy {
	return export.DDIStudy{Study: f.study, In: f.form.In, Software: f.software, File: "gegevens.csv"}
}

func (f *dataFile) zip(ctx context.Context, w io.Writer) error {
	m, err := f.manifest()
	if err != nil {
		return err
	}
	html, err := page.CodebookFile(ctx, f.data, export.Entries(f.data, f.form.In, f.options))
	if err != nil {
		return err
	}
	var ddi bytes.Buffer
	if err := export.DDI(&ddi, f.data, f.about(), f.options); err != nil {
		return err
	}
	_, err = export.Zip(w, f.data, m, f.options, export.File{Name: "codeboek.html", Data: html}, export.File{Name: "ddi.xml", Data: ddi.Bytes()})
	return err
}

func (f *dataFile) sav(_ context.Context, w io.Writer) error {
	_, err := export.SAV(w, f.data, f.options)
	return err
}

func (f *dataFile) xlsx(_ context.Context, w io.Writer) error {
	m, err := f.manifest()
	if err != nil {
		return err
	}
	return export.XLSX(w, f.data, m, f.options)
}

func (f *dataFile) ddi(_ context.Context, w io.Writer) error {
	return export.DDI(w, f.data, f.about(), f.options)
}

func (f *dataFile) csv(ctx context.Context, w io.Writer) error {
	rows, err := f.store.Filled(ctx, f.study.ID, f.audience)
	if err != nil {
		return err
	}
	return export.CSV(w, f.form.Variables, rows, f.options)
}

func (f *dataFile) csvExcel(ctx context.Context, w io.Writer) error {
	rows, err := f.store.Filled(ctx, f.study.ID, f.audience)
	if err != nil {
		return err
	}
	return export.CSVExcel(w, f.form.Variables, rows, f.options)
}

// dataPage tells what there is of every audience, with what was chosen before.
func (s *Server) dataPage(r *http.Request, a account.Account) (page.Data, study.Study, error) {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return page.Data{}, st, err
	}
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return page.Data{}, st, err
	}
	p := page.Data{Staff: s.staffFrame(a, st, "gegevens"), Named: a.Role.May(account.NameUnits), Reason: r.PostFormValue("reden")}
	instrument := page.BookChoice{Name: "vragenlijst", Label: "Vragenlijst"}
	for _, x := range audiences {
		d, err := s.store.Dataset(r.Context(), st, x.Name, s.Now())
		if err != nil {
			return p, st, err
		}
		p.Counts = append(p.Counts, page.DataCount{Audience: x.Name, Units: d.Len(), Questionnaires: d.Questionnaires(), Population: d.Frame().Len(), Codebook: p.Base + page.CodebookPath + "/" + x.Name})
		instrument.Options = append(instrument.Options, page.Choice{Value: x.Name, Label: x.Name, Selected: r.PostFormValue("vragenlijst") == x.Name})
	}
	format := page.BookChoice{Name: "soort", Label: "Soort bestand"}
	for _, f := range dataFormats {
		format.Options = append(format.Options, page.Choice{Value: f.id, Label: f.text, Selected: r.PostFormValue("soort") == f.id})
	}
	p.Choices = []page.BookChoice{instrument, format}
	if p.Named {
		p.Choices = append(p.Choices, page.BookChoice{Name: "eenheid", Label: "Eenheden", Options: []page.Choice{
			{Value: "", Label: "Met een pseudoniem", Selected: r.PostFormValue("eenheid") == ""}, {Value: "code", Label: "Met hun code", Selected: r.PostFormValue("eenheid") == "code"}}})
	}
	return p, st, nil
}

func (s *Server) showData(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p, _, err := s.dataPage(r, a)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// downloadData gives the data as a file. With the codes of units it needs the
// right and a reason; the log tells who took what before it is sent.
func (s *Server) downloadData(w http.ResponseWriter, r *http.Request, a account.Account) error {
	named, why := r.PostFormValue("eenheid") == "code", strings.TrimSpace(r.PostFormValue("reden"))
	if named && !a.Role.May(account.NameUnits) {
		return errs.Errorf(errs.Forbidden, "Uw rol (%s) mag dit niet: %s.", a.Role, account.NameUnits)
	}
	if problem := whyProblem(why); named && problem != "" {
		p, _, err := s.dataPage(r, a)
		if err != nil {
			return err
		}
		p.Problem = problem
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	i := slices.IndexFunc(dataFormats, func(f dataFormat) bool { return f.id == r.PostFormValue("soort") })
	if i < 0 {
		return errs.Errorf(errs.NotFound, "Dit soort bestand is er niet.")
	}
	f, err := s.dataFile(r, !named)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := dataFormats[i].write(f, r.Context(), &out); err != nil {
		return err
	}
	if !named {
		why = ""
	}
	if err := s.store.RecordExport(r.Context(), f.study.ID, f.audience, dataFormats[i].id, f.data.Len(), why, staffActor(a), s.Now()); err != nil {
		return err
	}
	w.Header().Set("Content-Type", dataFormats[i].mime)
	w.Header().Set("Content-Disposition", `attachment; filename="`+f.study.Slug+`-`+f.audience+dataFormats[i].ext+`"`)
	_, err = w.Write(out.Bytes())
	return err
}

func (s *Server) dataFile(r *http.Request, pseudonym bool) (*dataFile, error) {
	f := &dataFile{audience: r.PostFormValue("vragenlijst"), options: export.Options{Pseudonym: pseudonym}, software: s.Software, store: s.store}
	var err error
	if f.study, err = s.store.Study(r.Context(), chi.URLParam(r, "study")); err != nil {
		return nil, err
	}
	if f.form, err = s.form(r.Context(), f.study.ID, f.audience); err != nil {
		return nil, err
	}
	f.data, err = s.store.Dataset(r.Context(), f.study, f.audience, s.Now())
	return f, err
}
