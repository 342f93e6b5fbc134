package sample

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var known = []Organisation{
	{Kind: Gemeente, Code: "GM0001", Name: "'s-Zandhage", Also: []string{"Den Zand"}},
	{Kind: Gemeente, Code: "GM0002", Name: "Súdwest-Rûwen"},
	{Kind: Gemeente, Code: "GM0003", Name: "Berghem (NH.)"},
	{Kind: Gemeente, Code: "GM0004", Name: "Berghem (L.)"},
	{Kind: Gemeente, Code: "GM0005", Name: "Nijdorp, Oudwerth en Gerwijk"},
	{Kind: Gemeente, Code: "GM0006", Name: "De Frûske Mieren"},
	{Kind: Gemeente, Code: "GM0007", Name: "Tweeling"},
	{Kind: Gemeente, Code: "GM0008", Name: "tweeling"},
	{Kind: SWV, Code: "PO2001"}, {Kind: SWV, Code: "PO2002"}, {Kind: SWV, Code: "VO2001"}, {Kind: SWV, Code: "VO2002"},
}

func TestReadAreas(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     []Area
	}{
		{"pairs with codes", "swv_code,sector,gm_code,gemeente,n_pc4,n_pc4_gemeente,dekking\nPO2001,PO,GM0001,x,3,3,geheel\nVO-20-01,VO,2,y,5,97,deel\n",
			[]Area{{2, "PO2001", "GM0001", Whole}, {3, "VO2001", "GM0002", Part}}},
		{"pairs without dekking", "swv,gemeente\nPO2001,'S-ZANDHAGE\nPO2002,Den Zand\nVO2001,’s-Zandhage\n",
			[]Area{{2, "PO2001", "GM0001", Part}, {3, "PO2002", "GM0001", Part}, {4, "VO2001", "GM0001", Whole}}},
		{"unknown dekking", "swv_code,gm_code,dekking\nPO2001,1,onbekend\n", []Area{{2, "PO2001", "GM0001", Unknown}}},
		{"postcodes", "pc4,gemeente_2015,swv_po,swv_vo\n1011,sudwest-ruwen,PO2001,VO2001\n1012,Súdwest-Rûwen,PO2001,VO2002\n1013,\"Nijdorp, Oudwerth en Gerwijk\",2002,\n",
			[]Area{{2, "PO2001", "GM0002", Whole}, {2, "VO2001", "GM0002", Part}, {3, "VO2002", "GM0002", Part}, {4, "PO2002", "GM0005", Whole}}},
		{"lists", "gm_code;swv_po\n1;PO2001/20-02\n2;PO2001\n",
			[]Area{{2, "PO2001", "GM0001", Part}, {2, "PO2002", "GM0001", Part}, {3, "PO2001", "GM0002", Whole}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, problems := ReadAreas(parse(t, tt.in), known)
			if len(problems) > 0 {
				t.Errorf("problems: %v", problems)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("areas (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadAreasTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"columns", "a,b\n1,2\n", "regel 1: Verwacht een kolom ‘gm_code’"},
		{"an unknown gemeente", "swv_code,gm_code\nPO2001,99\n", "regel 2, kolom gm_code: GM0099 staat niet in het register van gemeenten"},
		{"an unknown swv", "swv_code,gm_code\nPO2099,1\n", "regel 2, kolom swv_code: PO 20-99 staat niet in het register"},
		{"a bad swv", "swv_code,gm_code\n2001,1\n", "regel 2, kolom swv_code: ‘2001’ zegt niet of"},
		{"a pair twice", "swv_code,gm_code\nPO2001,1\nPO 20-01,0001\n", "regel 3: PO 20-01 en GM0001 staan al samen op regel 2"},
		{"dekking", "swv_code,gm_code,dekking\nPO2001,1,half\n", "regel 2, kolom dekking: ‘half’ is geen dekking"},
		{"another dash", "gemeente,swv_po\nSudwest Ruwen,PO2001\n", "regel 2, kolom gemeente: ‘Sudwest Ruwen’ staat niet zo in het register. Bedoelt u ‘Súdwest-Rûwen’ (GM0002)"},
		{"two that are alike", "gemeente,swv_po\nBerghem,PO2001\n", "regel 2, kolom gemeente: ‘Berghem’ staat niet zo in het register. Bedoelt u ‘Berghem (L.)’ (GM0004) of ‘Berghem (NH.)’ (GM0003)?"},
		{"two of one name", "gemeente,swv_po\nTweeling,PO2001\n", "regel 2, kolom gemeente: ‘Tweeling’ kan meer dan één organisatie zijn. Bedoelt u ‘Tweeling’ (GM0007) of ‘tweeling’ (GM0008)"},
		{"an old name", "gemeente,swv_po\nDe Frusse Mieren,PO2001\n", "regel 2, kolom gemeente: ‘De Frusse Mieren’ staat niet zo in het register. Bedoelt u ‘De Frûske Mieren’ (GM0006)"},
		{"told once for all its postcodes", "pc4,gemeente,swv_po\n1,Xyzq,PO2001\n2,Xyzq,PO2001\n", "regel 2, kolom gemeente: ‘Xyzq’ staat niet in het register en lijkt op geen enkele naam daarin"},
		{"no name", "gemeente,swv_po\n,PO2001\n", "regel 2, kolom gemeente: de naam van de gemeente ontbreekt"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, problems := ReadAreas(parse(t, tt.in), known)
			if len(problems) != 1 || !strings.HasPrefix(problems[0].String(), tt.want) {
				t.Errorf("problems %q\nwant %q", problems, tt.want)
			}
		})
	}
}

func TestMatchOffersTheNearest(t *testing.T) {
	t.Parallel()
	got := Match("Berghem (nh.)", known)
	if len(got) < 2 || got[0].Organisation.Code != "GM0003" || got[0].Score != 1 || got[1].Organisation.Code != "GM0004" || got[1].Score >= 1 {
		t.Errorf("Match: %+v", got)
	}
	if got := Match("", known); len(got) != 0 {
		t.Errorf("Match of nothing: %+v", got)
	}
}

func TestRegisterGivesAreas(t *testing.T) {
	t.Parallel()
	r := read(t, Gemeente, gemeenten(380))
	parts := 0
	for _, a := range r.Areas {
		if a.Extent == Part {
			parts++
		}
	}
	// Every gemeente has one PO and one VO; the first 38 have a second VO.
	if len(r.Areas) != 380+380+38 || parts != 2*38 {
		t.Errorf("%d areas, %d of a part", len(r.Areas), parts)
	}
}
