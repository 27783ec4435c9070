// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.exec;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.ListenerHandover;
import dev.jrun.launch.PidFile;
import dev.jrun.launch.SealedShim;
import dev.jrun.launch.child.Child;
import dev.jrun.launch.child.ChildMessages;
import dev.jrun.launch.child.KeptDescriptors;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.child.SyncSockets;
import dev.jrun.launch.namespace.CgroupJoining;
import dev.jrun.launch.namespace.CloneParent;
import dev.jrun.launch.namespace.InitBirth;
import dev.jrun.launch.namespace.InitNamespaces;
import dev.jrun.launch.part.CgroupIdentity;
import dev.jrun.launch.part.Concealment;
import dev.jrun.launch.part.InterruptibleWait;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.PidfdHandover;
import dev.jrun.launch.part.ProcessHold;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.process.Environment;
import dev.jrun.launch.process.ExecAffinity;
import dev.jrun.launch.process.HostUser;
import dev.jrun.launch.process.OomScore;
import dev.jrun.launch.process.Scheduling;
import dev.jrun.launch.process.StreamOwnership;
import dev.jrun.launch.terminal.ShimTerminal;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The program that executes a process in a container that runs: the shim's part here, the rest in {@link JoiningPart}.
 * It begins with what the engine says of this call, which may have come with it: {@link ExecProtocol#cgroups}, and what
 * is {@linkplain KnownInit known of init}. What it reports:
 *
 * <ul>
 *   <li>{@link Tag#HELD}, before anything is done, if the process that is held is not known to be the container's init:
 *       the engine makes sure of that, and answers with {@link ExecProtocol#hostUserPatch}, if it is to;
 *   <li>{@link Tag#PREPARED} with the container's /etc/passwd, if HOME depends on it: the engine answers with
 *       {@link ExecProtocol#homePatch}, unless it has said before what this makes of HOME;
 *   <li>{@link Tag#ADDED} with {@link ExecProtocol#pid}, if the container is in a group of resctrl: the engine puts the
 *       process there, and answers;
 *   <li>{@link Tag#EXECUTED} with {@link ExecProtocol#pid}, of a process that runs detached: the engine makes sure that
 *       it does, and answers;
 *   <li>{@link Tag#DONE} for a process that runs detached, {@link Tag#STARTED} for a supervised one, and the shim ends
 *       by itself;
 *   <li>{@link Tag#INIT_FAILED}, {@link Tag#INIT_LOST} or {@link Tag#SHIM_FAILED}, and the program ends. Nothing is
 *       left then.
 * </ul>
 */
public final class ExecProgram {

    /** What runc calls such a process. */
    private static final String EXECUTED_IN_RUNC = "setns";

    private static final int USUAL_LENGTH = 500;

    private final ExecRequest request;
    private final Machine machine;
    private final Assembler asm = new Assembler();
    private final HostUser hostUser = new HostUser(asm);
    private final SyncSockets sync;
    private final Register held = asm.register("container's init");
    private final Child child;
    private final Scheduling scheduling;
    private final JoiningPart joining;
    private final Message message;
    private final ChildMessages messages;
    private final CgroupIdentity cgroups;
    private final InitBirth birth;
    private final InitNamespaces namespaces;
    private final CloneParent cloneParent;
    private final ExecAffinity affinity;
    private final Optional<OomScore> oomScore;
    private final Optional<KnownInit> knownInit;
    private final Optional<PidFile> pidFile;
    private final Optional<PidfdHandover> pidfd;
    private final Optional<ShimTerminal> terminal;
    private final Address answer;
    private final ExecRollback rollback;
    private final Program program;
    private final Label inside = asm.label("joining process");

    public ExecProgram(ExecRequest request, Machine machine, KernelCalls kernel) {
        this.request = request;
        this.machine = machine;
        asm.expect(USUAL_LENGTH);
        if (request.canBeMadeAgain()) {
            asm.retryable();
        }
        this.child = new Child(asm, kernel);
        this.cgroups = new CgroupIdentity(asm, request.cgroup());
        this.sync =
                new SyncSockets(asm, new KeptDescriptors(asm, request.options().preservedDescriptors()));
        this.scheduling = Scheduling.ofUser(asm, sync, request.process());
        this.joining = new JoiningPart(asm, request, machine, kernel, sync, scheduling);
        this.message = new Message(asm, Math.max(joining.passwdCapacity(), Message.MAX_DIAGNOSIS));
        this.answer = asm.space(joining.environment().needsHome() ? Environment.size() : 0);
        this.birth = InitBirth.of(asm, request.cgroup(), cgroups, machine, kernel);
        this.namespaces = InitNamespaces.of(asm, request.linux(), request.init(), held, kernel);
        this.cloneParent = new CloneParent(asm, sync);
        this.affinity = new ExecAffinity(asm, request.process().execCPUAffinity());
        this.oomScore = OomScore.of(asm, request.process().oomScoreAdj());
        this.knownInit =
                hasPidfds(kernel) && !request.isInUserNamespace() ? Optional.of(new KnownInit(asm)) : Optional.empty();
        this.pidFile = request.options().pidFile().map(file -> new PidFile(asm, file));
        this.pidfd = request.options()
                .pidfdSocket()
                .map(socket -> new PidfdHandover(asm, socket, machine, EXECUTED_IN_RUNC));
        this.terminal = request.console().map(console -> new ShimTerminal(asm, console, machine));
        this.rollback = new ExecRollback(asm, request, child, sync, message, pidFile, oomScore);
        this.messages = new ChildMessages(asm, sync.shim(), message, rollback.lost, rollback.failed);
        assemble(kernel);
        this.program = asm.assemble();
    }

    public Program program() {
        return program;
    }

    /** The index of the first instruction of the process that joins the container; those before it are the shim's. */
    public int insideStart() {
        return program.index(inside);
    }

    /** How the engine talks with it. */
    public ExecProtocol protocol() {
        return new ExecProtocol(
                child.pid(),
                child.status(),
                rollback.errno,
                rollback.instruction,
                rollback.failedInstruction,
                rollback.failedErrno,
                program.index(rollback.abandoned),
                cgroups.in(program),
                knownInit.map(init -> init.in(program)),
                request.isInUserNamespace() ? OptionalInt.of(hostUser.offset(program)) : OptionalInt.empty(),
                joining.knownHome().map(known -> new ExecProtocol.Home(program.offset(answer), known.in(program))),
                pidFile.map(file -> file.in(program)));
    }

    private void assemble(KernelCalls kernel) {
        asm.source(Source.runtime("wait for what there is to be known"));
        asm.hold();
        asm.onFail(rollback.shimFailed);
        sync.open();
        SealedShim.checkIsSealed(asm);
        ProcessHold hold = ProcessHold.of(asm, request.init(), held, kernel);
        holdInit(hold);
        begin();
        hold.release();
        connect();
        awaitProcess();
        letExecute();
        finish();
        rollback.assemble();
        asm.place(inside);
        joining.assemble(new CgroupJoining(asm, request.cgroup(), cgroups, birth), affinity, namespaces, cloneParent);
    }

    /** What was looked at until here is the container's if its init is the process that is held. */
    private void holdInit(ProcessHold hold) {
        asm.source(Source.runtime("find the container's init, process " + request.init()));
        hold.take(rollback.gone);
        namespaces.open();
        asm.source(Source.runtime("make sure that process " + request.init() + " is the container's init"));
        Label known = asm.label("it is");
        knownInit.ifPresent(init -> init.recognize(held, known));
        asm.ask(Tag.HELD.ordinal());
        asm.place(known);
    }

    private static boolean hasPidfds(KernelCalls kernel) {
        return kernel.has(NewerCall.PIDFD_OPEN, NewerCall.PIDFD_SEND_SIGNAL);
    }

    private void begin() {
        oomScore.ifPresent(OomScore::lend);
        asm.onFail(rollback.unborn);
        if (request.rights().opensHidden()) {
            Concealment.ofShim(asm);
        }
        cloneParent.prepare();
        affinity.begin();
        asm.source(Source.runtime("start a process in the container's cgroup"));
        birth.fork(child.pid(), 0);
        asm.branch(child.pid(), Condition.EQUAL, value(0), inside);
        asm.onFail(rollback.shimFailed);
        oomScore.ifPresent(OomScore::takeBack);
        namespaces.close();
        asm.source(Source.runtime("leave the process its end of the connection"));
        asm.call(Syscall.CLOSE, sync.init());
    }

    /**
     * Once there is a process: where the container's cgroup takes none, all of this is done again, and who listens
     * accepts one connection.
     */
    private void connect() {
        pidfd.ifPresent(PidfdHandover::connect);
        terminal.ifPresent(ShimTerminal::connect);
    }

    private void awaitProcess() {
        if (terminal.isEmpty()) {
            giveStreams();
        }
        if (joining.environment().needsHome()) {
            answerHome();
        }
        if (terminal.isPresent()) {
            terminal.get().receive(messages);
        }
        cloneParent.follow(messages, child);
    }

    /**
     * To the process's user, by the id that the caller's user namespace has for it: from inside, they are somebody
     * else's.
     */
    private void giveStreams() {
        long uid = request.process().user().uid();
        if (request.isInUserNamespace()) {
            hostUser.giveStreams(uid);
        } else {
            new StreamOwnership(asm, uid).give(value(uid));
        }
    }

    /**
     * Where the process does not ask, because it has ended or because HOME is known, what it says next is for others.
     */
    private void answerHome() {
        try (var _ = asm.scope()) {
            Register length = asm.register("length");
            Label known = asm.label("HOME is known");
            asm.source(Source.runtime("find out what HOME is"));
            messages.expectOrElse(Message.KIND_BORN, known);
            message.receiveBody(sync.shim(), length);
            asm.ask(Tag.PREPARED.ordinal(), message.bodyRange(length));
            sync.answer(answer, Environment.size(), rollback.ended);
            asm.place(known);
        }
    }

    private void letExecute() {
        if (scheduling.delaysInit()) {
            asm.source(Source.runtime("wait until the process is to be scheduled"));
            messages.expect(Message.KIND_AWAITS_SCHEDULING);
            scheduling.assembleInShim(child.pid(), rollback.ended);
        }
        if (request.linux().intelRdt().isPresent()) {
            asm.source("/linux/intelRdt", "have the process put into the container's group of resctrl");
            asm.ask(Tag.ADDED.ordinal(), child.pid());
        }
        pidfd.ifPresent(to -> to.send(child.pid()));
        pidFile.ifPresent(file -> file.write(child.pid()));
        terminal.ifPresent(ShimTerminal::send);
        asm.source(Source.runtime("let the process execute"));
        asm.move(rollback.released, value(1));
        sync.letGo(rollback.ended);
        awaitClosing();
    }

    private void finish() {
        if (request.ending() == ExecRequest.Ending.DETACHED) {
            asm.source(Source.runtime("make sure that the executable runs"));
            asm.ask(Tag.EXECUTED.ordinal(), child.pid());
        }
        // Whatever had this name before is lost from here on, so that little should be left that can fail.
        pidFile.ifPresent(PidFile::publish);
        switch (request.ending()) {
            case DETACHED -> detach();
            case SUPERVISED -> supervise();
        }
    }

    /** The process runs, whether the engine learns that or not. */
    private void detach() {
        Label told = asm.label("told");
        asm.source(Source.runtime("say that the process runs"));
        asm.onFail(told);
        asm.tell(Tag.DONE.ordinal(), child.pid());
        asm.place(told);
        request.announcement().assemble(asm);
        asm.exit(0);
    }

    private void supervise() {
        try (var _ = asm.scope()) {
            Register code = asm.register("exit code");
            Label supervise = asm.label("supervise");
            asm.source(Source.runtime("supervise the process"));
            asm.onFail(supervise);
            asm.tell(Tag.STARTED.ordinal(), child.pid());
            asm.place(supervise);
            asm.onFail(rollback.unsupervised);
            request.announcement().assemble(asm);
            if (terminal.isPresent()) {
                terminal.get().supervise(child);
            } else {
                asm.supervise(child.status(), child.pid());
            }
            child.loadExitCode(code);
            asm.exit(code);
        }
    }

    /** Waits until the process's end of the socket is closed by execve(2), or by its end. */
    private void awaitClosing() {
        try (var _ = asm.scope()) {
            Register received = asm.register("received");
            Label wait = asm.label("wait for the process");
            Label closed = asm.label("closed");
            Source purpose = Source.runtime("wait until the executable runs");
            asm.source(purpose);
            asm.place(wait);
            InterruptibleWait.afterPatience(asm, sync.shim());
            message.receiveHead(sync.shim(), received);
            asm.branch(received, Condition.EQUAL, value(0), closed);
            if (request.listener().isPresent()) {
                ListenerHandover.ofExecuted(asm, request.listener().get(), request.container(), request.init(), machine)
                        .assemble(message, sync.shim(), child.pid(), wait);
                asm.source(purpose);
            }
            asm.go(rollback.failed);
            asm.place(closed);
        }
    }
}
