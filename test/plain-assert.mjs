// Without a message, Node's assert.ok reads the caller's source to print its expression. Under tsx the
// positions are those of the compiled code: at best the text is "false == true", at worst the search
// for the expression never ends, and a failed assertion hangs the run.
import assert from 'node:assert/strict';

const { ok } = assert;
assert.ok = (value, message = 'expected a true value') => ok(value, message);
