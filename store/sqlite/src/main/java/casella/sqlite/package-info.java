/// What every SQLite file of ours needs, whatever is in it.
///
/// Lives here: one file behind bulkheads ([Database]), statements kept prepared ([Statements]), how an older file becomes a newer one
/// ([Migrations]). Promises: nobody else calls SQLite from a thread of its own; what [Database#write] returned is synced; damage is
/// `Corrupt`, never an empty file in its place.
/// Never: knows what the tables are. The rooms that use it share no file, only this care.
/// Start reading at [Database].
@NullMarked
package casella.sqlite;

import org.jspecify.annotations.NullMarked;
