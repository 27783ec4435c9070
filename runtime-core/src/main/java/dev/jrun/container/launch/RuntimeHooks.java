// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.conversation.LaunchFailure;
import dev.jrun.container.conversation.StepFailedException;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.HookFailedException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.launch.WarningProgram;
import dev.jrun.launch.hook.HookPoint;
import dev.jrun.launch.hook.HookProgram;
import dev.jrun.launch.hook.HookSteps;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Has the caller's shim run the hooks of a container that are not part of its launch. The shim must be waiting for a
 * program.
 */
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
    public void poststart(ToldContainer told) throws ContainerException, SessionBrokenException {
        List<String> failures = run(HookPoint.POSTSTART, told);
        if (!failures.isEmpty()) {
            throw new HookFailedException(failures.getFirst());
        }
    }

    /**
     * Runs the poststop hooks of a container that is no more. "The runtime MUST log a warning" if one fails:
     * runtime.md.
     */
    public void poststop(ToldContainer told) throws ContainerException, SessionBrokenException {
        List<String> failures = run(HookPoint.POSTSTOP, told);
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

    private List<String> run(HookPoint point, ToldContainer told) throws ContainerException, SessionBrokenException {
        List<String> failures = new ArrayList<>();
        if (point.of(told.container().description().hooks()).isEmpty()) {
            return failures;
        }
        KernelCalls kernel = host.kernel(session);
        try {
            Underway hooks = begin(program(point, told.container(), kernel));
            told.close();
            Conversation conversation = hooks.conversation();
            Optional<Report.Yielded> failed = conversation.awaitUnlessEnd(Tag.HOOK_FAILED);
            while (failed.isPresent()) {
                failures.add(describe(hooks.steps(), failed.get()));
                failed = conversation.awaitUnlessEnd(Tag.HOOK_FAILED);
            }
        } catch (StepFailedException e) {
            failures.add(e.getMessage());
        }
        return failures;
    }

    private HookProgram program(HookPoint point, ContainerRecord container, KernelCalls kernel) {
        return point == HookPoint.POSTSTART
                ? HookProgram.poststart(
                        subject(container), container.init().orElseThrow().pid(), environment, host.machine(), kernel)
                : HookProgram.poststop(subject(container), environment, host.machine(), kernel);
    }

    /** Hooks that run, and what is kept of their program. */
    private record Underway(Conversation conversation, HookSteps steps) {}

    private Underway begin(HookProgram hooks) throws SessionBrokenException {
        Conversation conversation = Conversation.run(session, hooks.program());
        HookSteps steps = hooks.steps();
        conversation.forgetProgram(steps.steps());
        return new Underway(conversation, steps);
    }

    private static String describe(HookSteps steps, Report.Yielded failed) {
        return LaunchFailure.describe(
                steps.step(failed).toString(),
                steps.errno(failed),
                failed.ranges().getFirst());
    }
}
