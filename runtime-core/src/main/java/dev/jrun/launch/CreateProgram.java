// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.cgroup.OwnDirectories;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Prctl;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.hook.LaunchHooks;
import dev.jrun.launch.namespace.CloneParent;
import dev.jrun.launch.namespace.DelegatedCgroup;
import dev.jrun.launch.namespace.InheritedNamespaces;
import dev.jrun.launch.namespace.InitBirth;
import dev.jrun.launch.namespace.InitProcess;
import dev.jrun.launch.namespace.JoinedNamespaces;
import dev.jrun.launch.namespace.LoopbackDevice;
import dev.jrun.launch.namespace.PlaceHolder;
import dev.jrun.launch.namespace.UserNamespace;
import dev.jrun.launch.netdev.NetDevices;
import dev.jrun.launch.netdev.ReturnedDevices;
import dev.jrun.launch.notify.ServiceManager;
import dev.jrun.launch.notify.ShimReadiness;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.launch.part.CgroupIdentity;
import dev.jrun.launch.part.Child;
import dev.jrun.launch.part.ChildMessages;
import dev.jrun.launch.part.Concealment;
import dev.jrun.launch.part.EngineLoss;
import dev.jrun.launch.part.InterruptibleWait;
import dev.jrun.launch.part.KeptDescriptors;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.Message;
import dev.jrun.launch.part.PidfdHandover;
import dev.jrun.launch.part.SyncSockets;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.process.Environment;
import dev.jrun.launch.process.OomScore;
import dev.jrun.launch.process.ResourceLimits;
import dev.jrun.launch.process.Scheduling;
import dev.jrun.launch.process.StandardStreams;
import dev.jrun.launch.rootfs.MappedMounts;
import dev.jrun.launch.terminal.ShimTerminal;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Range;
import dev.jrun.program.Label;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import dev.jrun.spec.Hook;
import dev.jrun.spec.IdMapping;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Namespace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The program that makes a container: the shim's part here, init's in {@link InitPart}. What it reports:
 *
 * <ul>
 *   <li>{@link Tag#PLACE_HELD} with a pid, if the container is to be a unit of systemd: the engine has it made, and
 *       answers;
 *   <li>{@link Tag#PREPARED} with {@link LaunchUnderway#pid} and the container's /etc/passwd: the engine records the
 *       container and answers with {@link LaunchUnderway#homePatch};
 *   <li>{@link Tag#EXECUTED} of a container that runs detached: the engine makes sure that it does, and answers;
 *   <li>{@link Tag#DONE}, and the shim ends, after {@link Tag#STARTED} if a container that runs detached has poststart
 *       hooks or is waited for until it is ready; or for a supervised container {@link Tag#STARTED} and, when it has
 *       ended, {@link Tag#REMOVED}, and the shim ends; or {@link Tag#ENDED} with {@link AfterStart#status}: the engine
 *       does what is left to be done and answers, and the shim ends;
 *   <li>{@link Tag#INIT_FAILED}, {@link Tag#INIT_LOST} or {@link Tag#SHIM_FAILED}, and the program ends. The last can
 *       also come in place of {@link Tag#ENDED}.
 * </ul>
 */
public final class CreateProgram {

    private static final int USUAL_LENGTH = 700;

    /** The process is the container's first one. */
    private static final String INIT_IN_RUNC = "standard";

    private static final int USUAL_LENGTH_OF_MOUNT = 15;

    /** To whom chown(2) gives nothing. */
    private static final long NOBODY = -1;

    private final LaunchRequest request;
    private final Machine machine;
    private final Assembler asm = new Assembler();
    private final SyncSockets sync;
    private final Child child;
    private final Register failedInstruction = asm.register("failed instruction");
    private final Register failedErrno = asm.register("failed errno");
    private final LaunchHooks hooks;
    private final Scheduling scheduling;
    private final InitPart init;
    private final Message message;
    private final ChildMessages messages;
    private final CgroupIdentity cgroups;
    private final Address answer;
    private final Address hostUser = asm.bytes(Struct.ofLongs(NOBODY));
    private final Optional<PidFile> pidFile;
    private final Optional<PidfdHandover> pidfd;
    private final EngineLoss engineLoss;
    private final Optional<NetDevices> netDevices;
    private final Optional<ShimTerminal> terminal;
    private final Optional<ShimReadiness> readiness;
    private final Optional<PlaceHolder> holder;
    private final Optional<DelegatedCgroup> delegated;
    private final Program program;
    private final Label initFailed = asm.label("init failed");
    private final Label initEnded = asm.label("init ended");
    private final Label refused = asm.label("refused");
    private final Label started = asm.label("started");
    private final Label notRemoved = asm.label("not removed");
    private final Label initLost = asm.label("init lost");
    private final Label shimFailed = asm.label("shim failed");
    private final Label engineLost = asm.label("engine lost");
    private final Label abandoned = asm.label("abandoned");
    private final Label inInit = asm.label("init");

    public CreateProgram(LaunchRequest request, Machine machine, KernelCalls kernel) {
        this.request = request;
        this.machine = machine;
        asm.expect(
                USUAL_LENGTH + USUAL_LENGTH_OF_MOUNT * request.config().mounts().size());
        this.child = new Child(asm, kernel);
        this.cgroups = new CgroupIdentity(asm, request.cgroup().entry());
        this.sync =
                new SyncSockets(asm, new KeptDescriptors(asm, request.options().preservedDescriptors()));
        this.hooks = new LaunchHooks(
                asm,
                machine,
                request.stateSubject(),
                request.callerEnvironment(),
                request.options().preservedDescriptors(),
                sync);
        this.scheduling = Scheduling.ofInit(asm, sync, request.config());
        this.init = new InitPart(asm, request, machine, kernel, sync, hooks, scheduling);
        this.message = new Message(asm, Math.max(init.passwdCapacity(), Message.MAX_DIAGNOSIS));
        this.messages = new ChildMessages(asm, sync.shim(), message, initLost, initFailed);
        this.answer = asm.space(Environment.size());
        this.pidFile = request.options().pidFile().map(file -> new PidFile(asm, file));
        this.pidfd = pidfdHandover();
        this.terminal = request.console().isPresent()
                ? Optional.of(new ShimTerminal(asm, request.console().get(), machine))
                : Optional.empty();
        this.readiness = readiness();
        this.holder = request.cgroup().unit().isPresent() ? Optional.of(new PlaceHolder(asm)) : Optional.empty();
        this.delegated =
                request.cgroup().delegatedPlace().map(place -> new DelegatedCgroup(asm, place, cgroups, machine));
        JoinedNamespaces joined = new JoinedNamespaces(asm, request.config());
        this.netDevices = request.config().linux().netDevices().isEmpty()
                ? Optional.empty()
                : Optional.of(new NetDevices(
                        asm,
                        request.config(),
                        request.addresses(),
                        request.ending().stateDirectory(),
                        () -> joined.copyOf(Namespace.Type.NETWORK)));
        this.engineLoss = new EngineLoss(asm, request.id(), request.rescue(), environmentOfPoststop());
        assemble(machine, kernel, joined);
        this.program = asm.assemble();
    }

    private Optional<PidfdHandover> pidfdHandover() {
        Optional<Path> socket = request.options().pidfdSocket();
        return socket.isPresent()
                ? Optional.of(new PidfdHandover(asm, socket.get(), machine, INIT_IN_RUNC))
                : Optional.empty();
    }

    private Optional<ShimReadiness> readiness() {
        Optional<ServiceManager> manager = request.options().serviceManager();
        return manager.isPresent()
                ? Optional.of(
                        new ShimReadiness(asm, manager.get(), request.ending().stateDirectory(), machine))
                : Optional.empty();
    }

    /** The program. */
    public Program program() {
        return program;
    }

    /** The index of init's first instruction; those before it are the shim's. */
    public int initStart() {
        return program.index(inInit);
    }

    /** What the program holds for: which directories the container's cgroups are. */
    public List<Patch> cgroupsPatch(OwnDirectories own) {
        return cgroups.patches(program, own);
    }

    /** Where to go on from the beginning if the container is not to be made: the program ends. */
    public int abandoned() {
        return program.index(abandoned);
    }

    /** What there is to know of the program once a shim has it. */
    public LaunchUnderway underway() {
        return new LaunchUnderway(
                child.pid(),
                init.environment().needsHome() ? OptionalInt.of(program.offset(answer)) : OptionalInt.empty(),
                asksForHostUser() ? OptionalInt.of(program.offset(hostUser)) : OptionalInt.empty(),
                netDevices.isPresent() ? netDevices.get().returning() : ReturnedDevices.NONE,
                program.index(refused),
                program.instructions().size(),
                startSteps(),
                afterStart());
    }

    private boolean asksForHostUser() {
        return request.config().linux().joins(Namespace.Type.USER);
    }

    /** Of instructions that follow each other many are about the same. */
    private SortedMap<Integer, String> startSteps() {
        SortedMap<Integer, String> steps = new TreeMap<>();
        if (!(request.ending() instanceof Ending.OnStart)) {
            return steps;
        }
        Source last = null;
        String words = "";
        for (int index = program.index(init.released());
                index < program.instructions().size();
                index++) {
            Source source = program.source(index);
            if (source != last) {
                last = source;
                words = source.toString();
            }
            steps.put(index, words);
        }
        return steps;
    }

    private AfterStart afterStart() {
        int first = program.index(started);
        return new AfterStart(
                child.status(),
                failedInstruction,
                failedErrno,
                supervised() ? program.index(notRemoved) : Program.NEXT,
                first,
                program.sources().subList(first, program.index(initEnded)));
    }

    private boolean supervised() {
        return request.ending() instanceof Ending.Supervised;
    }

    private void assemble(Machine machine, KernelCalls kernel, JoinedNamespaces joined) {
        StartGate gate = request.ending() instanceof Ending.OnStart onStart
                ? new StartGate.Socket(asm, onStart.stateDirectory(), machine)
                : new StartGate.Open();
        CloneParent cloneParent = new CloneParent(asm, sync);
        UserNamespace userNamespace = new UserNamespace(asm, request.config().linux());
        InitProcess process = new InitProcess(
                asm,
                request.config(),
                request.cgroup().entry(),
                cgroups,
                InitBirth.of(asm, request.cgroup().entry(), cgroups, machine, kernel),
                userNamespace,
                joined,
                cloneParent);
        holder.ifPresent(PlaceHolder::start);
        asm.source(Source.runtime("wait until the container has its cgroup"));
        asm.onFail(engineLost);
        if (holder.isPresent()) {
            holder.get().report();
        } else {
            asm.hold();
        }
        asm.onFail(shimFailed);
        sync.open();
        hooks.open();
        gate.open(sync);
        if (readiness.isPresent()) {
            readiness.get().socket().makeDirectory();
        }
        adopt();
        Optional<OomScore> oomScore = OomScore.of(asm, request.process().oomScoreAdj());
        oomScore.ifPresent(OomScore::lend);
        MappedMounts mappedMounts = new MappedMounts(
                asm, request.config(), request.bundle(), kernel, () -> joined.copyOf(Namespace.Type.USER), shimFailed);
        CallerRights rights = request.rights();
        if (rights.opensHidden()) {
            Concealment.ofShim(asm);
        }
        process.openNamespaces();
        mappedMounts.assemble();
        if (rights.mapsHidden() && !rights.opensHidden()) {
            Concealment.ofShim(asm);
        }
        process.fork(child.pid(), inInit);
        oomScore.ifPresent(OomScore::takeBack);
        mappedMounts.close();
        asm.source(Source.runtime("leave init its end of the connection"));
        asm.call(Syscall.CLOSE, sync.init());
        if (process.hasPredecessor()) {
            cloneParent.follow(messages, child);
        }
        if (userNamespace.isNew()) {
            mapIds(userNamespace);
        }
        assembleShim(machine);
        assembleFailures();
        asm.place(inInit);
        init.assemble(process, userNamespace, mappedMounts, gate);
    }

    /** What the hooks inherit that another engine has run when this one is lost; without such hooks, nothing. */
    private List<String> environmentOfPoststop() {
        for (Hook hook : request.config().hooks().poststop()) {
            if (hook.env().isEmpty()) {
                return request.callerEnvironment();
            }
        }
        return List.of();
    }

    private void adopt() {
        if (request.ending() instanceof Ending.Supervised supervised
                && supervised.adoption() == LaunchRequest.Adoption.BY_SHIM) {
            asm.source(Source.runtime("become the parent of init's orphans (--no-subreaper avoids it)"));
            asm.call(Syscall.PRCTL, value(Prctl.PR_SET_CHILD_SUBREAPER), value(1), value(0), value(0), value(0));
        }
    }

    /** Init is in its cgroup, or there will be none. */
    private void endHolder() {
        if (holder.isPresent()) {
            asm.source(Source.runtime("end the process that held init's place"));
            holder.get().end();
        }
    }

    /** What init may not do itself, and waits for. */
    private void mapIds(UserNamespace userNamespace) {
        userNamespace.map(child.pid());
        ResourceLimits.raise(asm, request.process().rlimits(), child.pid());
        asm.source(Source.runtime("let init go on as root of its user namespace"));
        sync.letGo(initEnded);
    }

    private void assembleShim(Machine machine) {
        if (InheritedNamespaces.isLoopbackLeft(request.config())) {
            LoopbackDevice.assemble(asm);
        }
        pidfd.ifPresent(PidfdHandover::connect);
        if (terminal.isPresent()) {
            terminal.get().connect();
        }
        try (var _ = asm.scope()) {
            Register length = asm.register("length");
            asm.source(Source.runtime("wait until init is born"));
            netDevices.ifPresent(this::moveNetDevices);
            if (terminal.isPresent()) {
                terminal.get().receive(messages);
            }
            messages.expect(Message.KIND_BORN);
            message.receiveBody(sync.shim(), length);
            endHolder();
            if (delegated.isPresent()) {
                delegated.get().move(child.pid());
            }
            reportPrepared(message.bodyRange(length));
            if (hooks.delayInit()) {
                asm.source("/hooks", "wait until the hooks of the runtime may run");
                messages.expect(Message.KIND_AWAITS_HOOKS);
                hooks.beforeContainer(child.pid(), initEnded);
            }
            pidFile.ifPresent(file -> file.write(child.pid()));
            if (scheduling.delaysInit()) {
                asm.source(Source.runtime("wait until init is to be scheduled"));
                messages.expect(Message.KIND_AWAITS_SCHEDULING);
                scheduling.assembleInShim(child.pid(), initEnded);
            }
            if (pidfd.isPresent()) {
                pidfd.get().send(child.pid());
            }
            if (terminal.isPresent()) {
                terminal.get().send();
            } else {
                giveStreams();
            }
            if (readiness.isPresent() && !(request.ending() instanceof Ending.OnStart)) {
                readiness.get().bind();
            }
            asm.source(Source.runtime("let init go on"));
            sync.answer(answer, init.environment().needsHome() ? Environment.size() : 1, initEnded);
        }
        Ending ending = request.ending();
        awaitClosing(
                ending instanceof Ending.OnStart
                        ? "wait until init lives on its own"
                        : "wait until init's executable runs");
        if (ending instanceof Ending.Detached) {
            asm.source(Source.runtime("make sure that init's executable runs"));
            asm.ask(Tag.EXECUTED.ordinal(), child.pid());
        }
        // Whatever had this name before is lost from here on, so that little should be left that can fail.
        pidFile.ifPresent(PidFile::publish);
        asm.place(started);
        if (ending instanceof Ending.Supervised supervised) {
            supervise(supervised, machine);
        } else {
            endBefore(ending);
        }
    }

    /** The shim ends before init does. */
    private void endBefore(Ending ending) {
        boolean runs = ending instanceof Ending.Detached;
        if (runs && (hooks.followStart() || readiness.isPresent())) {
            asm.tell(Tag.STARTED.ordinal(), child.pid());
        }
        if (runs && hooks.followStart()) {
            hooks.poststart(child.pid());
        }
        if (runs && readiness.isPresent()) {
            awaitReady(readiness.get());
        } else {
            assembleDone();
        }
    }

    /** From here on neither an error nor the loss of the engine takes the container back. */
    private void awaitReady(ShimReadiness readiness) {
        Label told = asm.label("told, or lost");
        request.announcement().assemble(asm);
        readiness.awaitBeforeEnd(child.pid());
        asm.source(Source.runtime("say that the container is complete"));
        asm.onFail(told);
        asm.tell(Tag.DONE.ordinal(), child.pid());
        asm.place(told);
        asm.exit(0);
    }

    /**
     * To the container's user, by the id that the caller's user namespace has for it: from inside, they are somebody
     * else's.
     */
    private void giveStreams() {
        long uid = request.process().user().uid();
        StandardStreams streams = new StandardStreams(asm, uid);
        if (asksForHostUser()) {
            streams.giveToHostUser(hostUser);
            return;
        }
        OptionalLong owner = hostUser(uid);
        if (owner.isPresent()) {
            streams.give(value(owner.getAsLong()));
        }
    }

    private OptionalLong hostUser(long uid) {
        Linux linux = request.config().linux();
        return linux.makes(Namespace.Type.USER) ? IdMapping.hostId(linux.uidMappings(), uid) : OptionalLong.of(uid);
    }

    private void reportPrepared(Range passwd) {
        asm.source(Source.runtime("record the container"));
        if (netDevices.isPresent()) {
            asm.ask(Tag.PREPARED.ordinal(), passwd, netDevices.get().report(), child.pid());
        } else {
            asm.ask(Tag.PREPARED.ordinal(), passwd, child.pid());
        }
    }

    /** If init ends meanwhile, what it has sent until then is received in its order all the same. */
    private void moveNetDevices(NetDevices devices) {
        Label ended = asm.label("init ended meanwhile");
        devices.move(child.pid(), ended);
        asm.source("/linux/netDevices", "let init go on with its network devices");
        sync.letGo(ended);
        asm.place(ended);
        asm.source(Source.runtime("wait until init is born"));
    }

    /**
     * Waits until init's end of the socket is closed: by execve(2), or when it waits for start and is no longer to die
     * with this shim, which must not end before.
     */
    private void awaitClosing(String purpose) {
        try (var _ = asm.scope()) {
            Register received = asm.register("received");
            Label wait = asm.label("wait for init");
            Label closed = asm.label("closed");
            asm.source(Source.runtime(purpose));
            asm.place(wait);
            InterruptibleWait.assemble(asm, sync.shim());
            message.receiveHead(sync.shim(), received);
            Optional<SeccompListener> listener = request.listenerAtOnce();
            if (listener.isPresent()) {
                asm.branch(received, Condition.EQUAL, value(0), closed);
                ListenerHandover.ofInit(asm, listener.get(), request.stateSubject(), machine)
                        .assemble(message, sync.shim(), child.pid(), wait);
                asm.source(Source.runtime(purpose));
                asm.go(initFailed);
            } else {
                asm.branch(received, Condition.NOT_EQUAL, value(0), initFailed);
            }
            asm.place(closed);
        }
    }

    /** An engine that cannot be told is lost, or takes the container back: so does the shim then. */
    private void assembleDone() {
        asm.source(Source.runtime("say that the container is complete"));
        asm.tell(Tag.DONE.ordinal(), child.pid());
        request.announcement().assemble(asm);
        asm.exit(0);
    }

    private void supervise(Ending.Supervised supervised, Machine machine) {
        try (var _ = asm.scope()) {
            Optional<ShimRemoval> removal = removal(supervised, machine);
            Register code = asm.register("exit code");
            Label supervise = asm.label("supervise");
            Label lost = asm.label("engine lost while the container ran");
            removal.ifPresent(ShimRemoval::prepare);
            asm.source(Source.runtime("supervise init"));
            asm.onFail(supervise);
            asm.tell(Tag.STARTED.ordinal(), child.pid());
            asm.place(supervise);
            asm.onFail(shimFailed);
            if (hooks.followStart()) {
                hooks.poststart(child.pid());
                asm.source(Source.runtime("supervise init"));
            }
            request.announcement().assemble(asm);
            if (readiness.isPresent()) {
                awaitReadyInForeground(readiness.get());
            }
            if (terminal.isPresent()) {
                terminal.get().supervise(child);
            } else {
                asm.supervise(child.status(), child.pid());
            }
            asm.move(child.pid(), value(0));
            netDevices.ifPresent(devices -> devices.giveBackAtEnd(shimFailed));
            child.loadExitCode(code);
            removal.ifPresent(shims -> remove(shims, code));
            asm.source(Source.runtime("have the engine finish"));
            asm.onFail(lost);
            asm.ask(Tag.ENDED.ordinal(), child.status());
            asm.exit(code);
            asm.place(notRemoved);
            asm.source(Source.runtime("let the engine say why the container stays"));
            asm.end();
            asm.place(lost);
            if (supervised.afterwards() == LaunchRequest.Afterwards.REMOVE) {
                engineLoss.removeContainer();
            }
            asm.exit(code);
        }
    }

    private void awaitReadyInForeground(ShimReadiness readiness) {
        if (terminal.isPresent()) {
            readiness.awaitBeside(child.pid(), terminal.get().master(), shimFailed);
        } else {
            readiness.awaitSupervising(child.pid(), shimFailed);
        }
        asm.source(Source.runtime("supervise init"));
    }

    /** Of a container that nothing has to be done for but that. A unit is for the engine to stop. */
    private Optional<ShimRemoval> removal(Ending.Supervised supervised, Machine machine) {
        return supervised.afterwards() == LaunchRequest.Afterwards.REMOVE
                        && request.config().hooks().poststop().isEmpty()
                        && request.cgroup().unit().isEmpty()
                ? Optional.of(new ShimRemoval(
                        asm,
                        request.cgroup().remains(),
                        cgroups,
                        supervised.state(),
                        machine,
                        readiness.map(ShimReadiness::socket)))
                : Optional.empty();
    }

    private void remove(ShimRemoval removal, Register code) {
        Label byEngine = asm.label("by the engine");
        Label unlocked = asm.label("unlocked");
        Label told = asm.label("told");
        netDevices.ifPresent(devices -> devices.ifAnyStays(unlocked));
        asm.onFail(byEngine);
        removal.assemble(unlocked);
        asm.onFail(told);
        asm.tell(Tag.REMOVED.ordinal());
        asm.place(told);
        asm.exit(code);
        asm.place(byEngine);
        removal.leave();
        asm.place(unlocked);
    }

    private void assembleFailures() {
        try (var _ = asm.scope()) {
            Register received = asm.register("received");
            Register length = asm.register("length");
            // Its last words may still be there.
            asm.place(initEnded);
            asm.source(Source.runtime("init ended before it could go on"));
            message.receiveHead(sync.shim(), received);
            asm.branch(received, Condition.EQUAL, value(0), initLost);

            asm.place(initFailed);
            asm.source(Source.runtime("init failed"));
            message.receiveBody(sync.shim(), length);
            message.loadFailure(failedErrno, failedInstruction);
            end(shimFailed);
            asm.tell(Tag.INIT_FAILED.ordinal(), message.bodyRange(length), failedInstruction, failedErrno);
            asm.end();

            asm.place(refused);
            asm.source(Source.runtime("end init, which cannot be recorded"));
            end(shimFailed);
            asm.place(abandoned);
            endHolder();
            asm.end();

            asm.place(initLost);
            asm.source(Source.runtime("init ended before it was ready"));
            end(shimFailed);
            asm.tell(Tag.INIT_LOST.ordinal(), child.status());
            asm.end();

            asm.place(shimFailed);
            shimFailed();
        }
    }

    /**
     * Makes sure that init is gone, and that nothing says it was there.
     *
     * @param failed where failures go afterwards
     */
    private void end(Label failed) {
        child.end();
        endHolder();
        try (var _ = asm.aside()) {
            pidFile.ifPresent(PidFile::remove);
            netDevices.ifPresent(devices -> devices.giveBack(failed));
        }
    }

    private void shimFailed() {
        try (var _ = asm.scope()) {
            Label takenBack = asm.label("as much taken back as can be");
            asm.source(Source.runtime("take back what was done"));
            asm.move(failedInstruction, Register.FAILED_INSTRUCTION);
            asm.move(failedErrno, Register.FAILED_ERRNO);
            end(takenBack);
            asm.place(takenBack);
            asm.onFail(engineLost);
            Register length = asm.register("length");
            asm.move(length, value(0));
            hooks.quote(message, length);
            asm.tell(Tag.SHIM_FAILED.ordinal(), message.bodyRange(length), failedInstruction, failedErrno);
            asm.end();
            asm.place(engineLost);
            endHolder();
            engineLoss.removeContainer();
            asm.exit(1);
        }
    }
}
