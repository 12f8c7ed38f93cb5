// Command verify checks a log made by veedor with code that veedor's authors did not write: golang.org/x/mod/sumdb.
//
// It reads one JSON document from standard input and prints, for each case, one line: "ok" or "refused".
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type inclusion struct {
	Index  int64
	Entry  string   // base64
	Path   []string // base64
	Note   string
}

type consistency struct {
	Old, New         int64
	OldRoot, NewRoot string
	Proof            []string
}

type document struct {
	VKey        string
	Inclusion   []inclusion
	Consistency []consistency
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func hashOf(text string) (tlog.Hash, error) {
	var hash tlog.Hash
	data, err := base64.StdEncoding.DecodeString(text)
	if err == nil && len(data) != len(hash) {
		err = fmt.Errorf("a hash has %d bytes", len(data))
	}
	copy(hash[:], data)
	return hash, err
}

func hashesOf(texts []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, text := range texts {
		hash, err := hashOf(text)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

func checkInclusion(one inclusion, known note.Verifiers) error {
	opened, err := note.Open([]byte(one.Note), known)
	if err != nil {
		return err
	}
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return err
	}
	root, err := hashOf(lines[2])
	if err != nil {
		return err
	}
	entry, err := base64.StdEncoding.DecodeString(one.Entry)
	if err != nil {
		return err
	}
	path, err := hashesOf(one.Path)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(path, size, root, one.Index, tlog.RecordHash(entry))
}

func checkConsistency(one consistency) error {
	oldRoot, err := hashOf(one.OldRoot)
	if err != nil {
		return err
	}
	newRoot, err := hashOf(one.NewRoot)
	if err != nil {
		return err
	}
	proof, err := hashesOf(one.Proof)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, one.New, newRoot, one.Old, oldRoot)
}

func say(err error) {
	if err != nil {
		fmt.Println("refused")
		return
	}
	fmt.Println("ok")
}

func main() {
	var doc document
	must(json.NewDecoder(os.Stdin).Decode(&doc))
	verifier, err := note.NewVerifier(doc.VKey)
	must(err)
	known := note.VerifierList(verifier)
	for _, one := range doc.Inclusion {
		say(checkInclusion(one, known))
	}
	for _, one := range doc.Consistency {
		say(checkConsistency(one))
	}
}
