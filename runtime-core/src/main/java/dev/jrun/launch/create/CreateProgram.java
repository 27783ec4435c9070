// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.create;

import dev.jrun.cgroup.OwnDirectories;
import dev.jrun.kernel.Machine;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.namespace.CloneParent;
import dev.jrun.launch.namespace.InitBirth;
import dev.jrun.launch.namespace.InitProcess;
import dev.jrun.launch.namespace.JoinedNamespaces;
import dev.jrun.launch.namespace.UserNamespace;
import dev.jrun.launch.netdev.NetDevices;
import dev.jrun.launch.netdev.ReturnedDevices;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.rootfs.MappedMounts;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Source;
import dev.jrun.spec.Namespace;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The program that makes a container: its order, and what the engine has to know of it. What it reports:
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
    private static final int USUAL_LENGTH_OF_MOUNT = 15;

    private final LaunchRequest request;
    private final Assembler asm = new Assembler();
    private final LaunchShim shim;
    private final ShimPart beforeStart;
    private final EndingPart afterStart;
    private final LaunchRollback rollback;
    private final Label inInit = asm.label("init");
    private final Program program;

    public CreateProgram(LaunchRequest request, Machine machine, KernelCalls kernel) {
        this.request = request;
        asm.expect(
                USUAL_LENGTH + USUAL_LENGTH_OF_MOUNT * request.config().mounts().size());
        JoinedNamespaces joined = new JoinedNamespaces(asm, request.config());
        this.shim = new LaunchShim(asm, request, machine, kernel, joined);
        this.beforeStart = new ShimPart(shim);
        this.afterStart = new EndingPart(shim);
        this.rollback = new LaunchRollback(shim);
        assemble(machine, kernel, joined);
        this.program = asm.assemble();
    }

    public Program program() {
        return program;
    }

    /** The index of init's first instruction; those before it are the shim's. */
    public int initStart() {
        return program.index(inInit);
    }

    /** What the program holds for: which directories the container's cgroups are. */
    public List<Patch> cgroupsPatch(OwnDirectories own) {
        return shim.cgroups.patches(program, own);
    }

    /** Where to go on from the beginning if the container is not to be made: the program ends. */
    public int abandoned() {
        return program.index(rollback.abandoned());
    }

    /** What there is to know of the program once a shim has it. */
    public LaunchUnderway underway() {
        return new LaunchUnderway(
                shim.child.pid(),
                beforeStart.home(program),
                beforeStart.hostUser(program),
                shim.netDevices.map(NetDevices::returning).orElse(ReturnedDevices.NONE),
                program.index(rollback.refused()),
                program.instructions().size(),
                startSteps(),
                afterStart.in(program));
    }

    /** Of instructions that follow each other many are about the same. */
    private SortedMap<Integer, String> startSteps() {
        SortedMap<Integer, String> steps = new TreeMap<>();
        if (!(request.ending() instanceof Ending.OnStart)) {
            return steps;
        }
        Source last = null;
        String words = "";
        for (int index = program.index(shim.init.released());
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

    private void assemble(Machine machine, KernelCalls kernel, JoinedNamespaces joined) {
        StartGate gate = request.ending() instanceof Ending.OnStart onStart
                ? new StartGate.Socket(asm, onStart.stateDirectory(), machine)
                : new StartGate.Open();
        CloneParent cloneParent = new CloneParent(asm, shim.sync);
        UserNamespace userNamespace = new UserNamespace(asm, request.config().linux());
        InitProcess process = new InitProcess(
                asm,
                request.config(),
                request.cgroup().entry(),
                shim.cgroups,
                InitBirth.of(asm, request.cgroup().entry(), shim.cgroups, machine, kernel),
                userNamespace,
                joined,
                cloneParent);
        MappedMounts mappedMounts = new MappedMounts(
                asm, request.config(), request.bundle(), kernel, () -> joined.copyOf(Namespace.Type.USER), shim.failed);
        shim.awaitCgroup(rollback.engineLost());
        beforeStart.makeInit(process, cloneParent, mappedMounts, gate, inInit);
        if (userNamespace.isNew()) {
            beforeStart.mapIds(userNamespace);
        }
        beforeStart.complete();
        afterStart.assemble();
        rollback.assemble();
        asm.place(inInit);
        shim.init.assemble(process, userNamespace, mappedMounts, gate);
    }
}
