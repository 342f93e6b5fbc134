package api

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/account"
)

// A Schema is a JSON schema (2020-12) as it stands in the document.
type Schema map[string]any

func ref(name string) Schema { return Schema{"$ref": "#/components/schemas/" + name} }

func list(of Schema) Schema { return Schema{"type": "array", "items": of} }

func null(of Schema) Schema {
	of = maps.Clone(of)
	of["type"] = []any{of["type"], "null"}
	return of
}

// about adds what something means.
func about(of Schema, text string) Schema {
	if of["$ref"] != nil {
		return Schema{"allOf": []Schema{of}, "description": text}
	}
	of = maps.Clone(of)
	of["description"] = text
	return of
}

var (
	text    = Schema{"type": "string"}
	whole   = Schema{"type": "integer"}
	decimal = Schema{"type": "number"}
	boolean = Schema{"type": "boolean"}
	moment  = Schema{"type": "string", "format": "date-time"}
	day     = Schema{"type": "string", "format": "date"}
	texts   = list(text)
	maybe   = null(decimal) // null where it cannot be computed
)

func words(values ...string) Schema { return Schema{"type": "string", "enum": values} }

// A property is a member of an object; a name that ends in ? may be absent.
type property struct {
	name string
	of   Schema
}

func object(properties ...property) Schema {
	all, required := Schema{}, []string{}
	for _, p := range properties {
		name, optional := strings.CutSuffix(p.name, "?")
		all[name] = p.of
		if !optional {
			required = append(required, name)
		}
	}
	return Schema{"type": "object", "properties": all, "required": required}
}

func mapOf(of Schema) Schema { return Schema{"type": "object", "additionalProperties": of} }

// Document is the OpenAPI 3.1 document of the API of a site. server is what its
// addresses begin with, such as https://onderzoek.example.nl; software its version.
func Document(server, software string) Schema {
	paths := Schema{}
	for _, e := range Endpoints {
		paths[Base+e.Path] = Schema{"get": e.operation(), "head": e.head()}
	}
	return Schema{
		"openapi": "3.1.0",
		"info": Schema{"title": "Uitvraag", "version": "1", "license": Schema{"name": "EUPL-1.2", "identifier": "EUPL-1.2"}, "x-software": software,
			"description": "Read what a study has, with a token that a member of staff makes under *API* in the menu of the study. A token is for one study, for what was chosen when it was made, and never for more than who made it may see. Nothing here tells which unit gave which answer.\n\n" +
				"Answers carry an `ETag`: ask again with `If-None-Match` and get 304 while nothing changed. They are packed with gzip where the program takes it. Fields may be added to answers; a program should pass over those that it does not know. Failures are `application/problem+json`, in Dutch. Wrong tokens are counted, right ones never."},
		"servers":  []Schema{{"url": server}},
		"security": []Schema{{"token": []string{}}},
		"paths":    paths,
		"components": Schema{
			"securitySchemes": Schema{"token": Schema{"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer uvt_…`. Never in the address."}},
			"schemas":         schemas(),
			"parameters": Schema{
				"study":      Schema{"name": "study", "in": "path", "required": true, "description": "The id of the study, as in its address.", "schema": text},
				"instrument": Schema{"name": "instrument", "in": "path", "required": true, "description": "Such as `swv` or `gemeente`.", "schema": text},
			},
			"responses": Schema{"problem": Schema{"description": "It failed; `detail` says why, for a person.", "content": Schema{"application/problem+json": Schema{"schema": ref("Problem")}}}},
		},
	}
}

// head is the same without the answer: to know whether something changed.
func (e Endpoint) head() Schema {
	op := e.operation()
	op["operationId"], op["summary"] = e.ID+"Head", "The head of the same"
	responses := maps.Clone(op["responses"].(Schema))
	for status := range responses {
		responses[status] = Schema{"description": "The same status as GET, without its content."}
	}
	op["responses"] = responses
	return op
}

func (e Endpoint) operation() Schema {
	op := Schema{"operationId": e.ID, "summary": e.Summary, "description": e.about(), "responses": e.responses()}
	var parameters []Schema
	for _, name := range []string{"study", "instrument"} {
		if strings.Contains(e.Path, "{"+name+"}") {
			parameters = append(parameters, Schema{"$ref": "#/components/parameters/" + name})
		}
	}
	for _, p := range e.Params {
		parameters = append(parameters, p.schema())
	}
	if parameters != nil {
		op["parameters"] = parameters
	}
	if e.Open {
		op["security"] = []Schema{}
	}
	return op
}

func (e Endpoint) about() string {
	needs := "For any token of the study."
	switch {
	case e.Open:
		needs = "For everybody."
	case e.Scope != "":
		needs = "For a token with scope `" + string(e.Scope) + "`."
	}
	return strings.TrimSpace(needs + " " + e.About)
}

func (p Param) schema() Schema {
	of := Schema{"type": "string"}
	switch {
	case p.Values != nil:
		of["enum"] = p.Values
	case p.Max > 0:
		of = Schema{"type": "integer", "minimum": p.Min, "maximum": p.Max}
	}
	if p.Default != "" {
		of["default"] = p.Default
		if p.Max > 0 {
			of["default"] = Query{"x": p.Default}.Number("x")
		}
	}
	return Schema{"name": p.Name, "in": "query", "required": false, "description": p.About, "schema": of}
}

func (e Endpoint) responses() Schema {
	kind := cmp.Or(map[bool]string{true: "text/csv"}[e.CSV], "application/json")
	of := e.Result
	if e.CSV {
		of = text
	}
	out := Schema{"200": Schema{"description": "As asked.", "headers": Schema{"ETag": Schema{"schema": text}}, "content": Schema{kind: Schema{"schema": of}}},
		"304": Schema{"description": "Nothing changed since the ETag of If-None-Match."}}
	statuses := []string{"400", "405", "503"}
	if !e.Open {
		statuses = append(statuses, "401", "404", "429")
	}
	if e.Scope != "" {
		statuses = append(statuses, "403")
	}
	if e.ID == "tables" {
		statuses = append(statuses, "409")
	}
	for _, status := range statuses {
		out[status] = Schema{"$ref": "#/components/responses/problem"}
	}
	return out
}

func schemas() Schema {
	scopes := make([]string, len(account.Scopes))
	for i, s := range account.Scopes {
		scopes[i] = string(s)
	}
	all := Schema{
		"Problem": object(property{"title", text}, property{"status", whole}, property{"detail", text}, property{"reference", about(text, "Give this to the operator: it finds the request in the log.")}),
		"Study": object(property{"study", text}, property{"title", text}, property{"definition", text}, property{"opens", moment}, property{"closes", moment},
			property{"phase", words("not_yet", "open", "closing", "closed")},
			property{"instruments", list(object(property{"instrument", text}, property{"edition", text}, property{"title", text}))},
			property{"snapshots", list(object(property{"name", text}, property{"instrument", text}, property{"made", moment}, property{"units", whole}, property{"sha256", text}))},
			property{"scopes", list(words(scopes...))}, property{"token_expires", moment}),
		"Variable": object(property{"name", text}, property{"label", text}, property{"question", text}, property{"row", text}, property{"column", text},
			property{"type", words("code", "flag", "grade", "number", "text")},
			property{"values", null(Schema{"type": "array", "items": object(property{"code", whole}, property{"id", text}, property{"label", text}, property{"missing", boolean})})}),
		"Rows": object(property{"study", text}, property{"instrument", text}, property{"total", about(whole, "Rows of all pages.")},
			property{"next", about(null(text), "Address of the next page, from the host on; null after the last.")},
			property{"rows", list(Schema{"type": "object", "description": "A member per variable of the codebook, and what is known of the questionnaire and the unit: codes, flags, grades and numbers as numbers, texts as strings, moments in RFC 3339 and UTC, null for none.",
				"required": []string{"id_resp", "status", "mode"}, "properties": Schema{"id_resp": about(text, "Random, the same in every answer of this study, of no use outside it.")}, "additionalProperties": Schema{"type": []string{"string", "number", "null"}}})}),
	}
	for _, more := range []Schema{monitoringSchemas(), bookSchemas(), analysisSchemas()} {
		maps.Copy(all, more)
	}
	return all
}

func monitoringSchemas() Schema {
	counts := object(property{"I", whole}, property{"P", whole}, property{"R", whole}, property{"NC", whole}, property{"O", whole}, property{"UH", whole}, property{"UO", whole}, property{"NE", whole})
	return Schema{
		"Response": object(property{"study", text},
			property{"totals", list(object(property{"audience", text}, property{"n", about(whole, "Units.")}, property{"done", about(whole, "Answered, themselves or through another unit.")},
				property{"questionnaires", about(whole, "Sent by those who answered themselves.")}, property{"busy", about(whole, "Began and did not send.")}, property{"refused", whole}))},
			property{"strata", list(object(property{"audience", text}, property{"column", about(text, "Of the background.")}, property{"value", about(text, "Empty where it is not known.")},
				property{"n", whole}, property{"done", whole}, property{"busy", whole}))}),
		"Days": object(property{"study", text}, property{"days", list(object(property{"audience", text}, property{"date", day}, property{"new", whole}, property{"total", whole}, property{"n", whole},
			property{"invited", whole}, property{"reminded", whole}, property{"letters", whole}, property{"calls", whole}))}),
		"ResponseAccount": object(property{"study", text}, property{"audiences", list(object(property{"audience", text}, property{"n", whole},
			property{"outcomes", list(object(property{"outcome", text}, property{"aapor", text}, property{"class", text}, property{"n", whole}))},
			property{"counts", counts}, property{"e", maybe}, property{"rates", about(mapOf(maybe), "RR1 to RR6, COOP, REF and CON, as shares.")},
			property{"readings", list(object(property{"title", text}, property{"counts", counts}, property{"RR1", maybe}, property{"RR2", maybe}))},
			property{"choices", texts}, property{"warnings", texts}))}),
	}
}

func bookSchemas() Schema {
	bases := []property{{"units", whole}, {"n", whole}, {"left_open", whole}, {"not_shown", whole}, {"core_only", whole}, {"not_reached", whole}, {"telephone", whole}, {"covered", whole}, {"versions", whole}}
	warning := object(property{"kind", text}, property{"table?", text}, property{"row?", text}, property{"group?", text}, property{"column?", text}, property{"text", text})
	column := object(property{"id", text}, property{"label", text}, property{"hint?", text}, property{"missing?", text}, property{"alone?", boolean})
	return Schema{
		"Book": object(property{"study?", text}, property{"title?", text}, property{"instrument", text}, property{"edition?", text}, property{"generated", moment}, property{"units", whole}, property{"questionnaires", whole},
			property{"population", whole}, property{"spec", object(property{"by?", text}, property{"base?", text}, property{"weight_to?", texts}, property{"no_telephone?", boolean}, property{"no_covered?", boolean})},
			property{"public?", about(boolean, "Made fit for publication: numbers are withheld.")},
			property{"contents", list(object(property{"section?", text}, property{"table?", text}, property{"title", text}))},
			property{"tables", list(ref("Table"))},
			property{"n_path", null(list(object(append([]property{{"table", text}, {"question", text}}, bases...)...)))},
			property{"notes", null(texts)}, property{"warnings", null(list(warning))}),
		"Table": object(property{"id", about(text, "As published: B.5.2.")}, property{"question", text}, property{"section?", text}, property{"title", text}, property{"layout", words("options", "matrix", "grades", "codes", "list", "cross")},
			property{"sum", text}, property{"base?", text}, property{"weight?", text}, property{"by?", object(property{"column", text}, property{"label", text}, property{"groups", list(column)})}, property{"n?", whole},
			property{"columns", null(list(column))}, property{"rows", null(list(ref("Row")))}, property{"bases?", object(bases...)}, property{"tests?", list(ref("TableTest"))},
			property{"texts?", list(object(property{"row", text}, property{"label", text}, property{"group?", text}, property{"text", text}, property{"n", whole}))},
			property{"notes", null(texts)}, property{"warnings", null(list(warning))}),
		"Row": object(property{"row", text}, property{"group?", text}, property{"label", text}, property{"n", about(whole, "The base of the percentages: valid answers with geen zicht op and n.v.t.")}, property{"valid", whole}, property{"left_open?", whole},
			property{"weighted_n?", decimal}, property{"effective_n?", decimal}, property{"all_units?", boolean}, property{"small?", about(boolean, "Too few for percentages: print counts.")}, property{"population?", whole}, property{"questionnaires?", whole},
			property{"withheld?", boolean}, property{"cells", list(ref("Cell"))}),
		"Cell": about(object(property{"column", text}, property{"count?", whole}, property{"percent?", about(decimal, "0 to 100, not rounded.")}, property{"percent_valid?", decimal}, property{"percent_column?", decimal},
			property{"lo?", decimal}, property{"hi?", decimal}, property{"residual?", decimal}, property{"withheld?", boolean},
			property{"mean?", maybe}, property{"sd?", maybe}, property{"min?", maybe}, property{"max?", maybe}, property{"n?", whole}, property{"mean_lo?", decimal}, property{"mean_hi?", decimal}),
			"A count with its percentage, or mean, sd, min, max and n of grades. Numbers that do not exist or are withheld are absent."),
		"TableTest": object(property{"row?", text}, property{"label?", text}, property{"column?", text}, property{"method", text}, property{"n", whole}, property{"statistic", maybe}, property{"df", maybe}, property{"df2?", maybe},
			property{"p", maybe}, property{"p_holm", maybe}, property{"effect", maybe}, property{"effect_name", text}, property{"warnings", texts}),
	}
}

func analysisSchemas() Schema {
	item := object(property{"variable", text}, property{"label", text}, property{"n", whole}, property{"missing", whole}, property{"mean", maybe}, property{"sd", maybe}, property{"item_rest", maybe}, property{"alpha_if_dropped", maybe}, property{"loading", maybe})
	effect := object(property{"name", text}, property{"value", maybe}, property{"lo", maybe}, property{"hi", maybe})
	numbers := []string{"mean", "mean_lo", "mean_hi", "median", "sd", "alpha", "alpha_lo", "alpha_hi", "alpha_standardised", "omega", "omega_lo", "omega_hi", "kmo", "bartlett", "bartlett_p"}
	scale := []property{{"instrument", text}, {"scale", text}, {"title", text}, {"items", texts}, {"k", whole}, {"valid_share", decimal}, {"questionnaires", whole}, {"n", whole}, {"n_complete", whole},
		{"item_rest", mapOf(maybe)}, {"alpha_if_dropped", mapOf(maybe)}, {"loadings", mapOf(maybe)}, {"factors_suggested", whole}, {"statements", list(item)}, {"left_out", list(item)}, {"warnings", texts},
		{"friedman", object(property{"chi2", maybe}, property{"df", maybe}, property{"p", maybe}, property{"kendalls_w", maybe})}}
	for _, name := range numbers {
		scale = append(scale, property{name, maybe})
	}
	test := object(property{"kind", text}, property{"method", text}, property{"dependent", text}, property{"by", text}, property{"n", whole}, property{"statistic", maybe}, property{"df", maybe}, property{"df2?", maybe}, property{"p", maybe}, property{"p_holm", maybe},
		property{"effect", effect}, property{"size?", effect}, property{"direction", whole},
		property{"groups", list(object(property{"id", text}, property{"label", text}, property{"n", whole}, property{"mean", maybe}, property{"sd", maybe}))},
		property{"classic?", object(property{"method", text}, property{"n", whole}, property{"statistic", maybe}, property{"df", maybe}, property{"p", maybe})}, property{"untested?", text}, property{"warnings", texts})
	return Schema{
		"Analysis": object(property{"scales", list(ref("Scale"))}, property{"hypotheses", list(ref("Hypothesis"))}, property{"figures", list(ref("Figure"))}),
		"Scale":    object(slices.Clone(scale)...),
		"Hypothesis": object(property{"id", text}, property{"instrument", text}, property{"expectation", text}, property{"verdict", words("bevestigd", "deels bevestigd", "niet bevestigd", "niet te toetsen")},
			property{"sentence", text}, property{"tests", list(test)}, property{"warnings", texts}),
		"Figure": object(property{"id", text}, property{"hypothesis", text}, property{"instrument", text}, property{"title", text}, property{"by", text}, property{"method", text}, property{"p", maybe},
			property{"columns", list(object(property{"id", text}, property{"label", text}, property{"stars", text}, property{"p", maybe}, property{"n", whole}))},
			property{"rows", list(object(property{"row", text}, property{"label", text}, property{"cells", list(object(property{"n", whole}, property{"mean", maybe}, property{"sd", maybe}, property{"percent", maybe}))}))}, property{"missing?", text}),
	}
}
