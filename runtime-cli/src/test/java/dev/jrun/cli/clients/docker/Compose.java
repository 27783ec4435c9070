// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.docker;

import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A project of Compose, which is a plugin of Docker's client since version 2, and was a program of its own before.
 *
 * @param program the command that has these arguments
 */
record Compose(DockerDaemon docker, Path file, Function<String[], ProcessBuilder> program) {

    private static final String PROJECT = "composed";
    private static final String SERVICE = "{{index .Config.Labels \"com.docker.compose.service\"}} {{.State.Status}}"
            + " {{with .State.Health}}{{.Status}}{{end}} {{.State.ExitCode}}";

    /** Version 2, or version 1 where that is missing. The test is skipped if there is neither. */
    static Compose of(DockerDaemon docker, Path file) {
        if (docker.docker("compose", "version").code() == 0) {
            String[] plugin = {"compose", "--progress=quiet"};
            return new Compose(docker, file, arguments -> docker.client(Words.of(plugin, arguments)));
        }
        Programs.skipUnless(
                Execution.of(docker.machine().command("sh", "-c", "command -v docker-compose"))
                                .code()
                        == 0,
                "neither Docker's plugin compose nor docker-compose is installed");
        String[] first = {"docker-compose", "--host=" + docker.socket()};
        return new Compose(docker, file, arguments -> docker.machine().command(Words.of(first, arguments)));
    }

    /** @param runtime the value of a variable that the file may use */
    Execution call(String runtime, String... arguments) {
        String[] project = {"--project-name=" + PROJECT, "--file=" + file};
        ProcessBuilder command = program.apply(Words.of(project, arguments));
        command.environment().put("RUNTIME", runtime);
        return Execution.of(command);
    }

    /**
     * A line for each container, in alphabetical order: its service, state, health if that is watched, and exit code.
     */
    Execution services() {
        List<String> inspect = new ArrayList<>(List.of("inspect", "--format", SERVICE));
        inspect.addAll(
                docker.docker("ps", "--all", "--quiet", "--filter", "label=com.docker.compose.project=" + PROJECT)
                        .lines());
        Execution found = docker.docker(inspect.toArray(String[]::new));
        String sorted = found.lines().stream().sorted().map(line -> line + "\n").collect(Collectors.joining());
        return new Execution(found.command(), found.code(), sorted, found.errors());
    }
}
