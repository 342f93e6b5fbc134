package localpg

// Unpack is open to the tests, which cannot make an archive with the pinned content.
var Unpack = unpack
