// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.spec.Annotation;
import dev.jrun.spec.Config;
import dev.jrun.spec.Problem;
import dev.jrun.spec.Seccomp;
import dev.jrun.spec.Seccomp.Action;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The agent that answers notifications of a seccomp filter: "Seccomp" of config-linux.md.
 *
 * @param path of the Unix socket that it listens on, absolute
 * @param metadata for it
 */
public record SeccompListener(Path path, Optional<String> metadata) {

    private static final String LISTENER_PATH = "/linux/seccomp/listenerPath";

    /** Bytes of a file's name that fit behind the path of its directory's descriptor; unix(7). */
    private static final int MAX_NAME = 64;

    /** The agent of a profile that has such notifications, as {@link #problems} has found it to be good. */
    public static Optional<SeccompListener> of(Config config) {
        Optional<Seccomp> profile = config.linux().seccomp();
        if (profile.isEmpty() || !notifies(profile.get())) {
            return Optional.empty();
        }
        return path(config)
                .map(path -> new SeccompListener(Path.of(path), profile.get().listenerMetadata()));
    }

    private static boolean notifies(Seccomp profile) {
        for (Seccomp.Rule rule : profile.syscalls()) {
            if (rule.action() == Action.SCMP_ACT_NOTIFY) {
                return true;
            }
        }
        return false;
    }

    private static Optional<String> path(Config config) {
        Optional<String> path = config.linux().seccomp().orElseThrow().listenerPath();
        return path.isPresent() ? path : config.annotations().value(Annotation.SECCOMP_RECEIVER);
    }

    /** Why notifications that a profile asks for cannot reach an agent. */
    public static List<Problem> problems(Config config) {
        List<Problem> problems = new ArrayList<>();
        Optional<Seccomp> profile = config.linux().seccomp();
        if (profile.isPresent() && notifies(profile.get())) {
            addPath(config, problems);
            addWrite(profile.get(), problems);
        }
        return problems;
    }

    private static void addPath(Config config, List<Problem> problems) {
        Optional<String> path = path(config);
        if (path.isEmpty()) {
            problems.add(new Problem(
                    LISTENER_PATH, "", "required: the socket of who answers SCMP_ACT_NOTIFY", Optional.empty()));
        } else if (!path.get().startsWith("/")) {
            problems.add(
                    new Problem(LISTENER_PATH, '"' + path.get() + '"', "allowed: an absolute path", Optional.empty()));
        } else if (Path.of(path.get()).getFileName() == null
                || Path.of(path.get()).getFileName().toString().getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
            problems.add(new Problem(
                    LISTENER_PATH,
                    '"' + path.get() + '"',
                    "allowed: a socket whose name has at most " + MAX_NAME + " bytes",
                    Optional.empty()));
        }
    }

    /** Init writes when there is no agent yet, and would wait for one forever; runc refuses it likewise. */
    private static void addWrite(Seccomp profile, List<Problem> problems) {
        for (int i = 0; i < profile.syscalls().size(); i++) {
            Seccomp.Rule rule = profile.syscalls().get(i);
            int index = rule.names().indexOf("write");
            if (rule.action() == Action.SCMP_ACT_NOTIFY && index >= 0) {
                problems.add(new Problem(
                        "/linux/seccomp/syscalls/" + i + "/names/" + index,
                        "\"write\"",
                        "SCMP_ACT_NOTIFY cannot be used for write, by which init hands its listener over",
                        Optional.empty()));
            }
        }
    }
}
