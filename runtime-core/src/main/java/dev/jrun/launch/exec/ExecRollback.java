// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.exec;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.PidFile;
import dev.jrun.launch.child.Child;
import dev.jrun.launch.child.ChildFailure;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.child.SyncSockets;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.process.OomScore;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What the shim of an {@code exec} does if the process is not to execute, or cannot: nothing is left of it then. */
final class ExecRollback {

    final Register errno;
    final Register instruction;
    final Register failedInstruction;
    final Register failedErrno;

    /** 0 as long as the process has certainly not executed, and nothing is left of it if it is ended. */
    final Register released;

    /** Where the shim goes on if the container has no init any more. */
    final Label gone;

    /** If the process takes no message any more. */
    final Label ended;

    /** With the head of a message that is not due. */
    final Label failed;

    /** If the process has ended without a word. */
    final Label lost;

    /** If the process cannot be born. */
    final Label unborn;

    /** If an instruction of the shim's has failed. */
    final Label shimFailed;

    /** If the process, which executes, cannot be supervised. */
    final Label unsupervised;

    /** If the engine does not want the process to execute. */
    final Label abandoned;

    private final Assembler asm;
    private final ExecRequest request;
    private final Child child;
    private final SyncSockets sync;
    private final Message message;
    private final ChildFailure failure;
    private final Optional<PidFile> pidFile;
    private final Optional<OomScore> oomScore;
    private final Label engineLost;

    /** @param message where those of the process are received */
    ExecRollback(
            Assembler asm,
            ExecRequest request,
            Child child,
            SyncSockets sync,
            Message message,
            Optional<PidFile> pidFile,
            Optional<OomScore> oomScore) {
        this.asm = asm;
        this.request = request;
        this.child = child;
        this.sync = sync;
        this.message = message;
        this.pidFile = pidFile;
        this.oomScore = oomScore;
        this.errno = asm.register("errno inside");
        this.instruction = asm.register("instruction inside");
        this.failedInstruction = asm.register("failed instruction");
        this.failedErrno = asm.register("failed errno");
        this.released = asm.register("released");
        this.gone = asm.label("no init");
        this.ended = asm.label("ended inside");
        this.failed = asm.label("failed inside");
        this.lost = asm.label("lost inside");
        this.unborn = asm.label("no process was born");
        this.shimFailed = asm.label("shim failed");
        this.engineLost = asm.label("engine lost");
        this.unsupervised = asm.label("not supervised");
        this.abandoned = asm.label("abandoned");
        this.failure = new ChildFailure(
                asm, child, sync.shim(), message, new ChildFailure.Places(ended, failed, lost), this::end);
    }

    void assemble() {
        failure.assembleEnded("the process ended before it could go on");
        if (request.console().isPresent()) {
            skipTerminal();
        }
        failure.assembleFailed("the process failed", errno, instruction);

        asm.place(abandoned);
        asm.source(Source.runtime("end the process, which is not to execute"));
        end();
        asm.end();

        failure.assembleLost("the process ended before it executed");

        asm.place(gone);
        asm.source(Source.runtime("container not running"));
        asm.fail(Errno.ESRCH);

        // The program may be run again by this shim, into another cgroup.
        asm.place(unborn);
        oomScore.ifPresent(OomScore::giveUp);
        asm.call(Syscall.CLOSE, sync.init()).ignoreErrors();

        asm.place(shimFailed);
        takeBack();
        if (request.ending() == ExecRequest.Ending.SUPERVISED) {
            assembleUnsupervised();
        }
    }

    /** A terminal that nobody waits for any more may come before the last words. */
    private void skipTerminal() {
        try (var _ = asm.scope()) {
            Register length = asm.register("length");
            message.loadKind(length);
            asm.branch(length, Condition.EQUAL, value(Message.KIND_TERMINAL), ended);
        }
    }

    /**
     * Makes sure that the process is gone, and that nothing says it was there. One that has no pid here yet ends with
     * the connection.
     */
    private void end() {
        child.end();
        asm.call(Syscall.CLOSE, sync.shim()).ignoreErrors();
        try (var _ = asm.aside()) {
            pidFile.ifPresent(PidFile::remove);
        }
    }

    private void takeBack() {
        try (var _ = asm.scope()) {
            Register length = asm.register("length");
            Label partly = asm.label("as much taken back as can be");
            Label takenBack = asm.label("all taken back");
            asm.source(Source.runtime("take back what was done"));
            asm.move(failedInstruction, Register.FAILED_INSTRUCTION);
            asm.move(failedErrno, Register.FAILED_ERRNO);
            asm.onFail(partly);
            end();
            asm.go(takenBack);
            asm.place(partly);
            asm.move(released, value(1));
            asm.place(takenBack);
            asm.onFail(engineLost);
            asm.move(length, value(0));
            asm.tell(Tag.SHIM_FAILED.ordinal(), message.bodyRange(length), failedInstruction, failedErrno);
            asm.end();
            asm.place(engineLost);
            if (request.canBeMadeAgain()) {
                asm.source(Source.runtime("make the call again, of which nothing is left"));
                try (var _ = asm.when(released, Condition.EQUAL, value(0), "the process may have executed")) {
                    asm.end();
                }
            }
            asm.source(Source.runtime("say that the engine is lost"));
            say("the engine ended unexpectedly");
        }
    }

    /** The engine has forgotten this call by then. */
    private void assembleUnsupervised() {
        asm.place(unsupervised);
        asm.source(Source.runtime("take back what cannot be supervised"));
        asm.onFail(engineLost);
        end();
        say("the process was ended: jrun cannot wait for it");
    }

    /** Where there is no engine to say it. */
    private void say(String reason) {
        byte[] notice = ("jrun: " + FailedExec.message(reason) + "\n").getBytes(StandardCharsets.UTF_8);
        asm.onFailEnd();
        SignalMask.letEnd(asm);
        asm.call(Syscall.WRITE, value(2), asm.bytes(notice), value(notice.length))
                .ignoreErrors();
        asm.exit(FailedExec.EXIT_CODE);
    }
}
