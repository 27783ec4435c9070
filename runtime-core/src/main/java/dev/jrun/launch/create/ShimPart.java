// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.create;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Prctl;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.LaunchRequest.Adoption;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.ListenerHandover;
import dev.jrun.launch.PidFile;
import dev.jrun.launch.SeccompListener;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.namespace.CloneParent;
import dev.jrun.launch.namespace.DelegatedCgroup;
import dev.jrun.launch.namespace.InheritedNamespaces;
import dev.jrun.launch.namespace.InitProcess;
import dev.jrun.launch.namespace.LoopbackDevice;
import dev.jrun.launch.namespace.UserNamespace;
import dev.jrun.launch.netdev.NetDevices;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.launch.part.Concealment;
import dev.jrun.launch.part.InterruptibleWait;
import dev.jrun.launch.part.PidfdHandover;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.process.Environment;
import dev.jrun.launch.process.OomScore;
import dev.jrun.launch.process.ResourceLimits;
import dev.jrun.launch.process.StreamOwnership;
import dev.jrun.launch.rootfs.MappedMounts;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Range;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.IdMapping;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Namespace;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What the shim of a launch does until init's executable runs, or waits for {@code start}. */
final class ShimPart {

    /** The process is the container's first one. */
    private static final String INIT_IN_RUNC = "standard";

    private final Assembler asm;
    private final LaunchShim shim;
    private final LaunchRequest request;
    private final Address answer;
    private final Optional<PidfdHandover> pidfd;
    private final Optional<DelegatedCgroup> delegated;

    ShimPart(LaunchShim shim) {
        this.asm = shim.asm;
        this.shim = shim;
        this.request = shim.request;
        this.answer = asm.space(Environment.size());
        this.pidfd = request.options()
                .pidfdSocket()
                .map(socket -> new PidfdHandover(asm, socket, shim.machine, INIT_IN_RUNC));
        this.delegated = request.cgroup()
                .delegatedPlace()
                .map(place -> new DelegatedCgroup(asm, place, shim.cgroups, shim.machine));
    }

    /** Where in the image the engine says what HOME is, if the environment does not. */
    OptionalInt home(Program program) {
        return shim.init.environment().needsHome() ? OptionalInt.of(program.offset(answer)) : OptionalInt.empty();
    }

    /** Where in the image the engine says who the container's user is on the host, if it has to. */
    OptionalInt hostUser(Program program) {
        return asksForHostUser() ? OptionalInt.of(shim.hostUser.offset(program)) : OptionalInt.empty();
    }

    /**
     * Makes init.
     *
     * @param inInit where that goes on
     */
    void makeInit(
            InitProcess process, CloneParent cloneParent, MappedMounts mappedMounts, StartGate gate, Label inInit) {
        CallerRights rights = request.rights();
        Optional<OomScore> oomScore = OomScore.of(asm, request.process().oomScoreAdj());
        shim.sync.open();
        shim.hooks.open();
        gate.open(shim.sync);
        if (shim.readiness.isPresent()) {
            shim.readiness.get().socket().makeDirectory();
        }
        adopt();
        oomScore.ifPresent(OomScore::lend);
        if (rights.opensHidden()) {
            Concealment.ofShim(asm);
        }
        process.openNamespaces();
        mappedMounts.assemble();
        if (rights.mapsHidden() && !rights.opensHidden()) {
            Concealment.ofShim(asm);
        }
        process.fork(shim.child.pid(), inInit);
        oomScore.ifPresent(OomScore::takeBack);
        mappedMounts.close();
        asm.source(Source.runtime("leave init its end of the connection"));
        asm.call(Syscall.CLOSE, shim.sync.init());
        if (process.hasPredecessor()) {
            cloneParent.follow(shim.messages, shim.child);
        }
    }

    private void adopt() {
        if (request.ending() instanceof Ending.Supervised supervised && supervised.adoption() == Adoption.BY_SHIM) {
            asm.source(Source.runtime("become the parent of init's orphans (--no-subreaper avoids it)"));
            asm.call(Syscall.PRCTL, value(Prctl.PR_SET_CHILD_SUBREAPER), value(1), value(0), value(0), value(0));
        }
    }

    /** What init may not do itself, and waits for. */
    void mapIds(UserNamespace userNamespace) {
        userNamespace.map(shim.child.pid());
        ResourceLimits.raise(asm, request.process().rlimits(), shim.child.pid());
        asm.source(Source.runtime("let init go on as root of its user namespace"));
        shim.sync.letGo(shim.initEnded);
    }

    /** Has init go on, step by step, until it needs the shim no more. */
    void complete() {
        if (InheritedNamespaces.isLoopbackLeft(request.config())) {
            LoopbackDevice.assemble(asm);
        }
        pidfd.ifPresent(PidfdHandover::connect);
        if (shim.terminal.isPresent()) {
            shim.terminal.get().connect();
        }
        awaitBirth();
        awaitHooks();
        shim.pidFile.ifPresent(file -> file.write(shim.child.pid()));
        awaitScheduling();
        letGo();
        awaitExecution();
        // Whatever had this name before is lost from here on, so that little should be left that can fail.
        shim.pidFile.ifPresent(PidFile::publish);
    }

    private void awaitBirth() {
        try (var _ = asm.scope()) {
            Register length = asm.register("length");
            asm.source(Source.runtime("wait until init is born"));
            shim.netDevices.ifPresent(this::moveNetDevices);
            if (shim.terminal.isPresent()) {
                shim.terminal.get().receive(shim.messages);
            }
            shim.messages.expect(Message.KIND_BORN);
            shim.message.receiveBody(shim.sync.shim(), length);
            shim.endHolder();
            if (delegated.isPresent()) {
                delegated.get().move(shim.child.pid());
            }
            reportPrepared(shim.message.bodyRange(length));
        }
    }

    /** If init ends meanwhile, what it has sent until then is received in its order all the same. */
    private void moveNetDevices(NetDevices devices) {
        Label ended = asm.label("init ended meanwhile");
        devices.move(shim.child.pid(), ended);
        asm.source("/linux/netDevices", "let init go on with its network devices");
        shim.sync.letGo(ended);
        asm.place(ended);
        asm.source(Source.runtime("wait until init is born"));
    }

    private void reportPrepared(Range passwd) {
        asm.source(Source.runtime("record the container"));
        if (shim.netDevices.isPresent()) {
            Range devices = shim.netDevices.get().report();
            asm.ask(Tag.PREPARED.ordinal(), passwd, devices, shim.child.pid());
        } else {
            asm.ask(Tag.PREPARED.ordinal(), passwd, shim.child.pid());
        }
    }

    private void awaitHooks() {
        if (shim.hooks.delayInit()) {
            asm.source("/hooks", "wait until the hooks of the runtime may run");
            shim.messages.expect(Message.KIND_AWAITS_HOOKS);
            shim.hooks.beforeContainer(shim.child.pid(), shim.initEnded);
        }
    }

    private void awaitScheduling() {
        if (shim.scheduling.delaysInit()) {
            asm.source(Source.runtime("wait until init is to be scheduled"));
            shim.messages.expect(Message.KIND_AWAITS_SCHEDULING);
            shim.scheduling.assembleInShim(shim.child.pid(), shim.initEnded);
        }
    }

    private void letGo() {
        if (pidfd.isPresent()) {
            pidfd.get().send(shim.child.pid());
        }
        if (shim.terminal.isPresent()) {
            shim.terminal.get().send();
        } else {
            giveStreams();
        }
        if (shim.readiness.isPresent() && !(request.ending() instanceof Ending.OnStart)) {
            shim.readiness.get().bind();
        }
        asm.source(Source.runtime("let init go on"));
        int length = shim.init.environment().needsHome() ? Environment.size() : 1;
        shim.sync.answer(answer, length, shim.initEnded);
    }

    /**
     * To the container's user, by the id that the caller's user namespace has for it: from inside, they are somebody
     * else's.
     */
    private void giveStreams() {
        long uid = request.process().user().uid();
        if (asksForHostUser()) {
            shim.hostUser.giveStreams(uid);
            return;
        }
        OptionalLong owner = hostId(uid);
        if (owner.isPresent()) {
            new StreamOwnership(asm, uid).give(value(owner.getAsLong()));
        }
    }

    private boolean asksForHostUser() {
        return request.config().linux().joins(Namespace.Type.USER);
    }

    private OptionalLong hostId(long uid) {
        Linux linux = request.config().linux();
        return linux.makes(Namespace.Type.USER) ? IdMapping.hostId(linux.uidMappings(), uid) : OptionalLong.of(uid);
    }

    private void awaitExecution() {
        Ending ending = request.ending();
        awaitClosing(
                ending instanceof Ending.OnStart
                        ? "wait until init lives on its own"
                        : "wait until init's executable runs");
        if (ending instanceof Ending.Detached) {
            asm.source(Source.runtime("make sure that init's executable runs"));
            asm.ask(Tag.EXECUTED.ordinal(), shim.child.pid());
        }
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
            InterruptibleWait.assemble(asm, shim.sync.shim());
            shim.message.receiveHead(shim.sync.shim(), received);
            Optional<SeccompListener> listener = request.listenerAtOnce();
            if (listener.isPresent()) {
                asm.branch(received, Condition.EQUAL, value(0), closed);
                ListenerHandover.ofInit(asm, listener.get(), request.stateSubject(), shim.machine)
                        .assemble(shim.message, shim.sync.shim(), shim.child.pid(), wait);
                asm.source(Source.runtime(purpose));
                asm.go(shim.initFailed);
            } else {
                asm.branch(received, Condition.NOT_EQUAL, value(0), shim.initFailed);
            }
            asm.place(closed);
        }
    }
}
