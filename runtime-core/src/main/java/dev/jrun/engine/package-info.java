// SPDX-License-Identifier: Apache-2.0
/**
 * The engine's side of the conversation with shims: frames, sessions, the server and its lifetime.
 *
 * <p>The protocol is defined in {@code docs/launch-programs.md}. Every call is handed to a
 * {@link dev.jrun.engine.CallHandler}, so this package knows no command.
 *
 * <h2>Containers from Java</h2>
 *
 * A Java program needs no engine and no command line: it starts a {@link dev.jrun.engine.ShimProcess} for each
 * operation. This runs a bundle and gives its exit code:
 *
 * <pre>{@code
 * Path home = Path.of("/usr/local/lib/jrun");
 * StateStore store = new StateStore(Path.of("/run/jrun"));
 * Host host = new Host();
 *
 * try (ShimProcess shim = ShimProcess.start(home, ShimProcess.Streams.OWN)) {
 *     CreateRequest container = new CreateRequest(
 *             ContainerId.of("hello"),
 *             BundlePath.of("/bundles/hello"),
 *             LaunchRequest.Options.NONE,
 *             List.of(),
 *             CgroupDriver.Kind.CGROUPFS,
 *             shim.caller(),
 *             shim.pid(),
 *             Linux.effectiveUid(),
 *             WarningWriter.STANDARD_ERROR);
 *     Foreground foreground = new Foreground(Adoption.BY_SHIM, Afterwards.REMOVE);
 *     new Run(host, store).execute(shim, new RunRequest(container, foreground));
 *     return shim.awaitExit();
 * }
 * }</pre>
 *
 * The JVM's flags are {@code --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow}, for jnr-ffi.
 */
package dev.jrun.engine;
