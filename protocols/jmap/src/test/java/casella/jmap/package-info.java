/// Tests of JMAP: dialogues over a real socket, units of the pure parts, clients other people
/// wrote.
@NullMarked
package casella.jmap;

import org.jspecify.annotations.NullMarked;
