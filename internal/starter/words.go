package starter

import "strings"

// said is a text that is built in, in several languages.
type said int

// The texts.
const (
	parcelName said = iota
	abroadName
	nowhereText
)

// textOf returns a text in a language, in English where it is not built in.
func textOf(what said, lang string) string {
	words := wordsOf(lang)
	if words[0] == "" {
		words = wordsOf("en")
	}
	return words[what]
}

// wordsOf returns the name of a parcel, of one abroad, and what a buyer reads who lives where nothing is sent.
func wordsOf(lang string) [3]string {
	switch lang {
	case "en":
		return [3]string{"Parcel", "Parcel abroad", "Sorry, we do not deliver there."}
	case "sv":
		return [3]string{"Paket", "Paket till utlandet", "Vi levererar tyvärr inte dit."}
	case "nb", "no":
		return [3]string{"Pakke", "Pakke til utlandet", "Vi leverer dessverre ikke dit."}
	case "da":
		return [3]string{"Pakke", "Pakke til udlandet", "Vi leverer desværre ikke dertil."}
	case "fi":
		return [3]string{"Paketti", "Paketti ulkomaille", "Emme valitettavasti toimita sinne."}
	case "de":
		return [3]string{"Paket", "Paket ins Ausland", "Dorthin liefern wir leider nicht."}
	case "nl":
		return [3]string{"Pakket", "Pakket naar het buitenland", "Daar leveren wij helaas niet."}
	case "fr":
		return [3]string{"Colis", "Colis international", "Nous ne livrons malheureusement pas à cette adresse."}
	case "es":
		return [3]string{"Paquete", "Paquete internacional", "Lo sentimos, no entregamos allí."}
	case "it":
		return [3]string{"Pacco", "Pacco internazionale", "Purtroppo non consegniamo lì."}
	case "pt":
		return [3]string{"Encomenda", "Encomenda internacional", "Infelizmente não entregamos aí."}
	case "pl":
		return [3]string{"Paczka", "Paczka za granicę", "Niestety tam nie dostarczamy."}
	default:
		return [3]string{}
	}
}

// builtIn returns the text that a name stands for in the first language of the file.
func (a *Answers) builtIn(name string) (said, bool) {
	for _, what := range []said{parcelName, abroadName} {
		if textOf(what, a.Languages[0]) == name {
			return what, true
		}
	}
	return 0, false
}

// byLanguage writes a text by language, and the languages that it is missing in. There is one at least.
func (a *Answers) byLanguage(what said) (text string, missing []string) {
	var parts []string
	for _, lang := range a.Languages {
		if wordsOf(lang)[0] == "" {
			missing = append(missing, lang)
			continue
		}
		parts = append(parts, lang+": "+quoted(textOf(what, lang)))
	}
	if len(parts) == 0 {
		parts = append(parts, a.Languages[0]+": "+quoted(textOf(what, "en")))
	}
	return "{" + strings.Join(parts, ", ") + "}", missing
}

// quoted writes a text in double quotes where it needs them inside { }.
func quoted(text string) string {
	if strings.ContainsAny(text, `,:#&*!|>'%@[]{}?`+"`") || strings.TrimLeft(text, "-") != text {
		return `"` + text + `"`
	}
	return text
}
