// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.cli.testing.host.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The calls of one container's life, one after the other. */
final class Lifecycle implements Runnable {

    /** What a call has to say if nothing has gone wrong. */
    private record Step(int code, String phrase, String... words) {}

    private final Callers callers;
    private final String id;
    private final Bundle bundle;
    private final List<Step> steps;
    private final List<Execution> results = new ArrayList<>();
    private volatile Execution.Started current;
    private volatile AssertionError hung;

    private Lifecycle(Callers callers, String id, Bundle bundle, Step... steps) {
        this.callers = callers;
        this.id = id;
        this.bundle = bundle;
        this.steps = List.of(steps);
    }

    static Lifecycle inForeground(Callers callers, String id, Bundle bundle) {
        return new Lifecycle(callers, id, bundle, call(7, "run", "--bundle", bundle.path(), id));
    }

    static Lifecycle detached(Callers callers, String id, Bundle bundle) {
        return new Lifecycle(
                callers,
                id,
                bundle,
                call(0, "run", "--detach", "--bundle", bundle.path(), id),
                call(0, "delete", "--force", id));
    }

    static Lifecycle abandoned(Callers callers, String id, Bundle bundle) {
        return new Lifecycle(callers, id, bundle, create(bundle, id), call(0, "list"));
    }

    static Lifecycle whole(Callers callers, String id, Bundle bundle) {
        return new Lifecycle(
                callers,
                id,
                bundle,
                create(bundle, id),
                call(0, "state", id),
                call(0, "start", id),
                call(0, "kill", id, "KILL"),
                call(0, "delete", "--force", id));
    }

    /** One whose cgroup has somebody else in it, or is just being made for another that will be refused, too. */
    static Lifecycle refused(Callers callers, String id, Bundle bundle) {
        Step step = new Step(1, "container's cgroup is", "create", "--bundle", bundle.path(), id);
        return new Lifecycle(callers, id, bundle, step);
    }

    private static Step create(Bundle bundle, String id) {
        return call(0, "create", "--bundle", bundle.path(), id);
    }

    private static Step call(int code, String... words) {
        return new Step(code, "", words);
    }

    String id() {
        return id;
    }

    @Override
    public void run() {
        try {
            for (Step step : steps) {
                current = callers.start(step.words());
                results.add(current.await());
            }
        } catch (AssertionError e) {
            hung = e;
        }
    }

    void killShim() {
        Execution.Started running = current;
        if (running != null) {
            running.process().destroyForcibly();
        }
    }

    /** Its first process is the first one in its cgroup. */
    void killInit(TestHost host) throws IOException {
        for (Path hierarchy : host.hierarchies()) {
            Path processes =
                    hierarchy.resolve(host.cgroupsPath(id).substring(1)).resolve("cgroup.procs");
            for (String pid : Files.exists(processes) ? lines(processes) : List.<String>of()) {
                ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    /** None if the cgroup is gone already. */
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** No call has hung, each has said what came of it, and if nothing went wrong, what had to come of it. */
    void check(Mishap mishap, String what) {
        if (hung != null) {
            throw new AssertionError(what + ": " + hung.getMessage(), hung);
        }
        for (int i = 0; i < results.size(); i++) {
            Execution result = results.get(i);
            Step step = steps.get(i);
            if (mishap == Mishap.NONE) {
                assertEquals(step.code(), result.code(), () -> what + ": " + result);
                assertTrue(result.errors().contains(step.phrase()), () -> what + ": " + result);
            } else if (step.code() == 1) {
                assertNotEquals(0, result.code(), () -> what + ": " + result);
            }
            boolean isSaid = result.code() == step.code()
                    || result.code() >= 128
                    || !result.errors().isBlank();
            assertTrue(isSaid, () -> what + ": failed without a word: " + result);
        }
    }

    /** Whether calls have said that there is a container, and not yet that there is none. */
    boolean hasContainer() {
        boolean has = false;
        for (int i = 0; i < results.size(); i++) {
            String command = steps.get(i).words()[0];
            boolean isDetached =
                    command.equals("create") || List.of(steps.get(i).words()).contains("--detach");
            if (isDetached && results.get(i).code() == 0) {
                has = true;
            } else if (command.equals("delete")) {
                // One that failed may have come far.
                has = false;
            }
        }
        return has;
    }

    @Override
    public String toString() {
        return steps.getFirst().words()[0] + " " + bundle.directory().getFileName();
    }
}
