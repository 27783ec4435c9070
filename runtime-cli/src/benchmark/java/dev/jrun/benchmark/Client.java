// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What people type to run containers, of which one runtime or another does a part. */
sealed interface Client {

    String name();

    /** The program, and what it needs to be there, by name. */
    List<String> programs();

    /** What has to run meanwhile; empty if nothing has to. */
    List<String> daemon();

    /** Whether it can be used by now. */
    List<String> probe();

    /**
     * Makes its image of a root file system.
     *
     * @param archive a tar file of the root file system
     * @param image a tar file of an image in the OCI layout
     */
    List<String> load(Path archive, Path image);

    /** Runs a program, and removes the container. */
    List<String> run(Subject.Runtime runtime);

    /** Leaves a container running. */
    List<String> detach(Subject.Runtime runtime);

    /** Executes a program in that one. */
    List<String> exec(Subject.Runtime runtime);

    /** Removes that one. */
    List<String> remove(Subject.Runtime runtime);

    private static List<String> join(List<String> first, String... more) {
        return Stream.concat(first.stream(), Stream.of(more)).toList();
    }

    /** The Docker client and daemon, with a containerd of their own. */
    record Docker(Path directory, List<Subject.Runtime> runtimes) implements Client {
        @Override
        public String name() {
            return "docker";
        }

        @Override
        public List<String> programs() {
            return List.of("dockerd", "docker", "containerd");
        }

        private String socket() {
            return "unix://" + directory.resolve("docker.sock");
        }

        @Override
        public List<String> daemon() {
            List<String> words = List.of(
                    "dockerd",
                    "--host=" + socket(),
                    "--data-root=" + directory.resolve("docker"),
                    "--exec-root=" + directory.resolve("docker-run"),
                    "--pidfile=" + directory.resolve("docker.pid"),
                    "--bridge=none",
                    "--iptables=false",
                    "--exec-opt=native.cgroupdriver=cgroupfs",
                    "--default-ulimit=nofile=1024:1024");
            return Stream.concat(
                            words.stream(),
                            runtimes.stream()
                                    .filter(runtime -> !runtime.name().equals("runc"))
                                    .map(runtime -> "--add-runtime=" + runtime.name() + "=" + runtime.program()))
                    .toList();
        }

        private List<String> docker(String... words) {
            return join(List.of("docker", "--host=" + socket()), words);
        }

        @Override
        public List<String> probe() {
            return docker("version");
        }

        @Override
        public List<String> load(Path archive, Path image) {
            return docker("import", archive.toString(), "bb");
        }

        @Override
        public List<String> run(Subject.Runtime runtime) {
            return docker("run", "--rm", "--network=none", "--runtime=" + runtime.name(), "bb", "true");
        }

        @Override
        public List<String> detach(Subject.Runtime runtime) {
            return docker(
                    "run",
                    "--detach",
                    "--network=none",
                    "--name=" + runtime.name(),
                    "--runtime=" + runtime.name(),
                    "bb",
                    "sleep",
                    "100000");
        }

        @Override
        public List<String> exec(Subject.Runtime runtime) {
            return docker("exec", runtime.name(), "true");
        }

        @Override
        public List<String> remove(Subject.Runtime runtime) {
            return docker("rm", "--force", runtime.name());
        }
    }

    /** Podman and conmon. */
    record Podman(Path directory) implements Client {
        @Override
        public String name() {
            return "podman";
        }

        @Override
        public List<String> programs() {
            return List.of("podman", "conmon");
        }

        @Override
        public List<String> daemon() {
            return List.of();
        }

        private List<String> podman(String... words) {
            return join(
                    List.of(
                            "podman",
                            "--root=" + directory.resolve("podman"),
                            "--runroot=" + directory.resolve("podman-run"),
                            "--tmpdir=" + directory.resolve("podman-tmp"),
                            "--storage-driver=overlay",
                            "--cgroup-manager=cgroupfs",
                            "--events-backend=file"),
                    words);
        }

        @Override
        public List<String> probe() {
            return podman("info");
        }

        @Override
        public List<String> load(Path archive, Path image) {
            return podman("import", archive.toString(), "localhost/bb");
        }

        private List<String> run(Subject.Runtime runtime, String... words) {
            return join(
                    podman("--runtime=" + runtime.program(), "run", "--network=none", "--ulimit=nofile=1024:1024"),
                    join(List.of("--ulimit=nproc=1000:1000"), words).toArray(String[]::new));
        }

        @Override
        public List<String> run(Subject.Runtime runtime) {
            return run(runtime, "--rm", "localhost/bb", "true");
        }

        @Override
        public List<String> detach(Subject.Runtime runtime) {
            return run(runtime, "--detach", "--name=" + runtime.name(), "localhost/bb", "sleep", "100000");
        }

        @Override
        public List<String> exec(Subject.Runtime runtime) {
            return podman("--runtime=" + runtime.program(), "exec", runtime.name(), "true");
        }

        @Override
        public List<String> remove(Subject.Runtime runtime) {
            return podman("--runtime=" + runtime.program(), "rm", "--force", "--time=0", runtime.name());
        }
    }

    /** The client of containerd that comes with it. */
    record Ctr(Path directory) implements Client {
        @Override
        public String name() {
            return "ctr";
        }

        @Override
        public List<String> programs() {
            return List.of("containerd", "ctr", "umoci");
        }

        private Path socket() {
            return directory.resolve("containerd.sock");
        }

        @Override
        public List<String> daemon() {
            return List.of(
                    "containerd",
                    "--address=" + socket(),
                    "--root=" + directory.resolve("containerd"),
                    "--state=" + directory.resolve("containerd-run"));
        }

        private List<String> ctr(String... words) {
            return join(List.of("ctr", "--address=" + socket()), words);
        }

        @Override
        public List<String> probe() {
            return ctr("version");
        }

        @Override
        public List<String> load(Path archive, Path image) {
            return ctr("image", "import", "--index-name=localhost/bb", image.toString());
        }

        private List<String> run(Subject.Runtime runtime, String... words) {
            return join(ctr("run", "--runc-binary=" + runtime.program()), words);
        }

        @Override
        public List<String> run(Subject.Runtime runtime) {
            return run(runtime, "--rm", "localhost/bb", "benchmark-" + runtime.name() + "-{round}", "true");
        }

        @Override
        public List<String> detach(Subject.Runtime runtime) {
            return run(runtime, "--detach", "localhost/bb", "benchmark-" + runtime.name(), "sleep", "100000");
        }

        @Override
        public List<String> exec(Subject.Runtime runtime) {
            return ctr("task", "exec", "--exec-id=e{round}", "benchmark-" + runtime.name(), "true");
        }

        @Override
        public List<String> remove(Subject.Runtime runtime) {
            return ctr("task", "rm", "--force", "benchmark-" + runtime.name());
        }
    }
}
