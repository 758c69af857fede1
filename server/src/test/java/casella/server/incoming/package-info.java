/// What is proven of mail that other servers bring.
@NullMarked
package casella.server.incoming;

import org.jspecify.annotations.NullMarked;
