/// Plots as SVG, written by hand: for reports that a browser shows without anything else.
///
/// Promises: what is written is well-formed, whatever text it is given.
/// Never: knows what it plots.
/// Start reading at [Svg].
@NullMarked
package casella.continuity.plot;

import org.jspecify.annotations.NullMarked;
