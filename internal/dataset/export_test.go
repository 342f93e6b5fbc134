package dataset

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
)

// Body is a dataset as it is written after its manifest.
func (d *Dataset) Body() ([]byte, error) {
	var b bytes.Buffer
	err := d.body(&b)
	return b.Bytes(), err
}

// ReadBody reads a body, and lets anybody have written it: nobody finds the hash
// of what they make up by chance.
func ReadBody(b []byte) (*Dataset, error) {
	in := &cellReader{r: bufio.NewReader(bytes.NewReader(b)), sum: sha256.New()}
	d := in.dataset(Manifest{})
	if in.err != nil {
		return nil, in.err
	}
	if _, err := in.r.ReadByte(); err != io.EOF {
		return nil, fmt.Errorf("there is more after the end")
	}
	return d, nil
}
