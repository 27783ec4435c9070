// SPDX-License-Identifier: Apache-2.0
/**
 * Containers from Java: {@link dev.jrun.embedding.Containers} makes them, starts, looks at and removes them, with
 * neither an engine nor a command line. It takes a distribution of jrun, whose shim is started for each operation.
 *
 * <p>{@code docs/examples/RunBundle.java} is a complete program. What fails says so with the exceptions of
 * {@link dev.jrun.container.lifecycle}. No other package is for use by programs that embed jrun.
 *
 * <p>The JVM is to have {@code --sun-misc-unsafe-memory-access=allow}, and {@code --enable-native-access} for
 * {@code ALL-UNNAMED} or, on the module path, for {@code org.jnrproject.jffi}; there it needs
 * {@code -Djnr.ffi.asm.enabled=false} as well.
 */
package dev.jrun.embedding;
