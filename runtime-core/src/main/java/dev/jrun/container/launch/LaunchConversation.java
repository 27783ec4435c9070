// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.conversation.LaunchFailure;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.kernel.WaitStatus;
import dev.jrun.launch.create.AfterStart;
import dev.jrun.launch.create.LaunchUnderway;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.process.HomeDirectory;
import dev.jrun.program.Patch;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a shim reports of a launch once it has begun, and what it is answered: until the container is made, and then
 * until the shim has done the rest.
 */
public final class LaunchConversation {

    private final Session session;
    private final CreateRequest request;
    private final ContainerMaking making;
    private final MemoryBudget.Share memory;
    private final Conversation conversation;
    private LaunchUnderway underway;
    private ReplannedLaunch failures;
    private AfterStart afterStart;
    private Tag reached;

    /**
     * @param making of the container
     * @param memory that is given back as soon as what is told of the container is known to nobody any more
     * @param conversation about the launch program
     * @param underway what is kept of that
     * @param failures tells what its instructions are about
     */
    LaunchConversation(
            Session session,
            CreateRequest request,
            ContainerMaking making,
            MemoryBudget.Share memory,
            Conversation conversation,
            LaunchUnderway underway,
            ReplannedLaunch failures) {
        this.session = session;
        this.request = request;
        this.making = making;
        this.memory = memory;
        this.conversation = conversation;
        this.underway = underway;
        this.failures = failures;
        conversation.forgetProgram(failures);
    }

    /**
     * Waits until the container is made.
     *
     * @param goal the report that says so
     * @param uid the user id of the container's process
     * @throws ContainerException if it cannot be made
     */
    void awaitGoal(Tag goal, long uid) throws ContainerException, SessionBrokenException {
        while (reached == null) {
            Report.Yielded report = conversation.await(
                    Tag.PREPARED, Tag.EXECUTED, Tag.STARTED, goal, Tag.INIT_FAILED, Tag.INIT_LOST, Tag.SHIM_FAILED);
            Tag tag = Tag.of(report.tag());
            if (tag == goal || tag == Tag.STARTED) {
                reached = tag;
            } else if (tag == Tag.EXECUTED) {
                checkHasExecuted();
                conversation.go();
            } else if (tag == Tag.PREPARED) {
                recordInit(report);
                conversation.go(answer(report, uid));
            } else {
                throw failed(failure(tag, report));
            }
        }
    }

    private void recordInit(Report.Yielded report) throws ContainerException, SessionBrokenException {
        try {
            making.recordInit(
                    report.value(underway.pid()),
                    underway.startSteps(),
                    underway.devices().moved(report.ranges().getLast()));
            forgetWhatIsTold();
        } catch (ContainerException e) {
            conversation.endAt(underway.refused());
            throw e;
        }
    }

    /** It is in the state. */
    private void forgetWhatIsTold() {
        making.forgetWhatIsTold();
        memory.close();
    }

    /** What init has to know of its user. */
    private List<Patch> answer(Report.Yielded report, long uid) {
        String home = HomeDirectory.of(report.ranges().getFirst(), uid);
        List<Patch> answer = new ArrayList<>(underway.homePatch(home));
        if (underway.asksForHostUser()) {
            OptionalLong known = hostUser(report.value(underway.pid()), uid);
            if (known.isPresent()) {
                answer.add(underway.hostUserPatch(known.getAsLong()));
            }
        }
        return answer;
    }

    /** Empty if it cannot be found out; then nothing is given to the user. */
    private static OptionalLong hostUser(long pid, long uid) {
        try {
            return UserIds.of(pid).host(uid);
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Whoever waits for an end sees how init ended; a detached container would count as started, and be gone. */
    private void checkHasExecuted() throws ContainerException, SessionBrokenException {
        try {
            if (making.container().hasNotExecuted()) {
                throw new ContainerException(
                        "cannot start container " + request.id() + ": its init was killed before its program ran");
            }
        } catch (ContainerException e) {
            conversation.endAt(underway.refused());
            throw e;
        }
    }

    private ContainerException failure(Tag tag, Report.Yielded report) {
        if (tag == Tag.INIT_LOST) {
            return new ContainerException(LaunchFailure.describeLoss(
                    WaitStatus.of(report.value(underway.afterStart().status())), making.oomKills()));
        }
        // To plan again takes memory that who has some is not to wait for.
        forgetWhatIsTold();
        return failures.failure(
                report.value(underway.afterStart().failedInstruction()),
                report.value(underway.afterStart().failedErrno()),
                report.ranges().getFirst());
    }

    /** The program ends after it has reported a failure; only then the shim can be given another. */
    private ContainerException failed(ContainerException failure) throws ContainerException, SessionBrokenException {
        conversation.awaitEnd();
        return failure;
    }

    /**
     * A container may live for months. Only what the rest of its launch program may report is to be understood then.
     */
    void forgetPlan() {
        if (reached == Tag.STARTED) {
            afterStart = underway.afterStart();
            conversation.forgetProgram(afterStart);
        }
        underway = null;
        failures = null;
    }

    /** The container, as it was recorded when it was made. */
    public ContainerRecord container() {
        return making.container();
    }

    /**
     * Waits until the shim of a container that was launched detached has done the rest, its poststart hooks.
     *
     * @throws ContainerException if one of them failed; the container has been killed
     */
    public void awaitDone() throws ContainerException, SessionBrokenException {
        if (reached != Tag.DONE) {
            checkShimHasNotFailed(conversation.await(Tag.DONE, Tag.SHIM_FAILED));
        }
    }

    /**
     * Waits until the container that was launched has ended.
     *
     * @return the exit code that says how it ended, and the shim waits for an answer; empty if the shim has removed it,
     *     and ends
     * @throws ContainerException if the shim cannot supervise it, or one of its poststart hooks failed; it has been
     *     killed
     */
    public OptionalInt awaitEnd() throws ContainerException, SessionBrokenException {
        Report.Yielded report = conversation.await(Tag.ENDED, Tag.REMOVED, Tag.SHIM_FAILED);
        checkShimHasNotFailed(report);
        return Tag.of(report.tag()) == Tag.REMOVED
                ? OptionalInt.empty()
                : OptionalInt.of(
                        WaitStatus.of(report.value(afterStart.status())).exitCode());
    }

    private void checkShimHasNotFailed(Report.Yielded report) throws ContainerException, SessionBrokenException {
        if (Tag.of(report.tag()) == Tag.SHIM_FAILED) {
            throw failed(new ContainerException(LaunchFailure.describe(
                    afterStart
                            .step(report.value(afterStart.failedInstruction()))
                            .toString(),
                    report.value(afterStart.failedErrno()),
                    report.ranges().getFirst())));
        }
    }

    /** Says what is wrong after a launch; the shim awaits a program. */
    public void warn(String message) throws ContainerException, SessionBrokenException {
        Conversation.complete(session, request.warnings().afterwards(List.of(message)));
    }

    /** Has the shim end as the container did. */
    public void release() throws SessionBrokenException {
        conversation.go();
    }

    /** Has the shim stay, although the container has ended, to be told what is wrong. */
    public void retain() throws ContainerException, SessionBrokenException {
        conversation.endAt(afterStart.notRemoved());
    }
}
