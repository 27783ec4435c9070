// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.state.ContainerException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.launch.WarningProgram;
import dev.jrun.launch.hook.HookProgram;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Has the caller's shim run the hooks of a container that are not part of its launch. The shim has to await a program. */
public final class RuntimeHooks {

    private final Host host;
    private final Session session;
    private final List<String> environment;

    /** @param environment the caller's */
    public RuntimeHooks(Host host, Session session, List<String> environment) {
        this.host = host;
        this.session = session;
        this.environment = environment;
    }

    /**
     * Runs the poststart hooks of a container that runs.
     *
     * @throws HookFailedException if one fails; those behind it are not run then
     */
    public void poststart(ContainerRecord container) throws ContainerException, SessionBrokenException {
        if (container.description().hooks().poststart().isEmpty()) {
            return;
        }
        long pid = container.init().orElseThrow().pid();
        List<String> failures =
                run(HookProgram.poststart(subject(container), pid, environment, host.machine(), host.kernel(session)));
        if (!failures.isEmpty()) {
            throw new HookFailedException(failures.getFirst());
        }
    }

    /** Runs the poststop hooks of a container that is no more. "The runtime MUST log a warning" if one fails: runtime.md. */
    public void poststop(ContainerRecord container) throws ContainerException, SessionBrokenException {
        if (container.description().hooks().poststop().isEmpty()) {
            return;
        }
        List<String> failures =
                run(HookProgram.poststop(subject(container), environment, host.machine(), host.kernel(session)));
        if (!failures.isEmpty()) {
            Conversation.complete(session, WarningProgram.of(failures));
        }
    }

    /** What a launch and what comes after it tell hooks is the same. */
    public static StateSubject subject(ContainerRecord container) {
        return new StateSubject(
                container.description().ociVersion(),
                container.id().text(),
                container.description().bundle(),
                container.description().annotations(),
                container.description().hooks());
    }

    private List<String> run(HookProgram hooks) throws SessionBrokenException {
        List<String> failures = new ArrayList<>();
        try {
            Conversation conversation = Conversation.run(session, hooks.program());
            Optional<Report.Yielded> failed = conversation.awaitUnlessEnd(Tag.HOOK_FAILED);
            while (failed.isPresent()) {
                failures.add(describe(hooks, failed.get()));
                failed = conversation.awaitUnlessEnd(Tag.HOOK_FAILED);
            }
        } catch (StepFailedException e) {
            failures.add(e.getMessage());
        }
        return failures;
    }

    private static String describe(HookProgram hooks, Report.Yielded failed) {
        return LaunchFailure.describe(
                hooks.program().source(hooks.instruction(failed)).toString(),
                hooks.errno(failed),
                failed.ranges().getFirst());
    }
}
