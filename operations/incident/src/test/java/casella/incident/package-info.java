@org.jspecify.annotations.NullMarked
package casella.incident;
