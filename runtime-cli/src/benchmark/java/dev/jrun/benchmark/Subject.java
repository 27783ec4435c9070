// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What is measured: something that runs containers. */
sealed interface Subject {

    String name();

    /** The command that runs a bundle in the foreground, whose exit code is that of the bundle's process. */
    List<String> run(Bundle bundle, String id);

    /**
     * An OCI runtime with runc's command line.
     *
     * @param program its executable file
     * @param root where it keeps the state of containers
     */
    record Runtime(String name, Path program, Path root) implements Subject {

        @Override
        public List<String> run(Bundle bundle, String id) {
            return command("run", "--bundle", bundle.directory().toString(), id);
        }

        List<String> create(Bundle bundle, String id, Path pidFile) {
            return command("create", "--bundle", bundle.directory().toString(), "--pid-file", pidFile.toString(), id);
        }

        List<String> start(String id) {
            return command("start", id);
        }

        List<String> pause(String id) {
            return command("pause", id);
        }

        List<String> resume(String id) {
            return command("resume", id);
        }

        List<String> state(String id) {
            return command("state", id);
        }

        List<String> update(String id, List<String> options) {
            return Stream.of(command("update"), options, List.of(id))
                    .flatMap(List::stream)
                    .toList();
        }

        List<String> events(String id) {
            return command("events", "--stats", id);
        }

        List<String> exec(String id, List<String> options, List<String> command) {
            return Stream.of(command("exec"), options, List.of(id), command)
                    .flatMap(List::stream)
                    .toList();
        }

        List<String> kill(String id) {
            return command("kill", id, "KILL");
        }

        List<String> delete(String id) {
            return command("delete", id);
        }

        List<String> forceDelete(String id) {
            return command("delete", "--force", id);
        }

        private List<String> command(String... arguments) {
            return Stream.concat(Stream.of(program.toString(), "--root", root.toString()), Stream.of(arguments))
                    .toList();
        }
    }

    /** The program floor: a bundle's system calls without a runtime around them. */
    record Floor(Path program) implements Subject {

        @Override
        public String name() {
            return "floor";
        }

        @Override
        public List<String> run(Bundle bundle, String id) {
            return Stream.concat(
                            Stream.of(
                                    program.toString(),
                                    "run",
                                    id,
                                    bundle.rootFilesystem().toString()),
                            bundle.arguments().stream())
                    .toList();
        }

        /**
         * The command that executes another in a container.
         *
         * @param init the pid of the container's first process
         */
        List<String> exec(long init, List<String> command) {
            return Stream.concat(Stream.of(program.toString(), "exec", Long.toString(init)), command.stream())
                    .toList();
        }
    }
}
