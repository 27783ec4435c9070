// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.create.CreateProgram;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.terminal.Console;
import dev.jrun.program.Instruction;
import dev.jrun.program.Program;
import dev.jrun.program.Source;
import dev.jrun.program.listing.Listing;
import dev.jrun.seccomp.SeccompFilter;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.Config;
import dev.jrun.spec.Process;
import dev.jrun.spec.reading.ConfigReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The default configuration with changes, compiled: what its program has, as lines of the listing. */
public final class LaunchedConfig {

    private static final ObjectMapper JSON = new ObjectMapper();
    static final List<String> CALLER_ENVIRONMENT = List.of("PATH=/of/the/caller");
    static final Path BUNDLE = Path.of("/bundle");
    static final Path CONSOLE = Path.of("/run/user/console.sock");
    public static final Path STATE = Path.of("/run/jrun/c1");
    public static final StateDirectory STATE_DIRECTORY =
            new StateDirectory(STATE, List.of("config.json", "state.json"), Path.of("/run/jrun/.lock"), 7);

    /** Of a host without cgroups. */
    public static final CgroupPlace NO_CGROUPS =
            new CgroupPlace(CgroupDirectories.NONE, CgroupDirectories.NONE, Optional.empty());

    /** Those of root with all capabilities. */
    public static final CallerRights ALL_RIGHTS = new CallerRights(true, true, true, true);

    private final ObjectNode document;
    private Optional<Config> config = Optional.empty();
    private LaunchRequest.Options options = LaunchRequest.Options.NONE;
    private CgroupPlace cgroup = NO_CGROUPS;
    private Ending ending = new Ending.OnStart(STATE);
    private KernelCalls kernel = KernelCalls.all();
    private CallerRights rights = ALL_RIGHTS;
    private List<Annotation> allowed = List.of();
    private Announcement announcement = Announcement.NONE;

    /** A kernel that has all of the newer calls but these. */
    public static KernelCalls kernelWithout(Collection<NewerCall> missing) {
        EnumSet<NewerCall> present = EnumSet.allOf(NewerCall.class);
        present.removeAll(missing);
        return new KernelCalls(present);
    }

    private LaunchedConfig(ObjectNode document) {
        this.document = document;
    }

    public static LaunchedConfig byDefault() {
        try (var stream = LaunchedConfig.class.getResourceAsStream("/fixtures/valid/default-without-terminal.json")) {
            return new LaunchedConfig((ObjectNode) JSON.readTree(stream));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This one in place of the default. */
    static LaunchedConfig of(Config config) {
        var launched = new LaunchedConfig(JSON.createObjectNode());
        launched.config = Optional.of(config);
        return launched;
    }

    /** With what is at {@code pointer}, whose parent is an object, replaced. */
    public LaunchedConfig with(String pointer, String json) {
        try {
            parent(pointer).set(JsonPointer.compile(pointer).last().getMatchingProperty(), JSON.readTree(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public LaunchedConfig without(String pointer) {
        parent(pointer).remove(JsonPointer.compile(pointer).last().getMatchingProperty());
        return this;
    }

    private ObjectNode parent(String pointer) {
        JsonNode parent = document.at(JsonPointer.compile(pointer).head());
        return (ObjectNode) parent;
    }

    public LaunchedConfig with(LaunchRequest.Options changed) {
        options = changed;
        return this;
    }

    public LaunchedConfig in(CgroupPlace changed) {
        cgroup = changed;
        return this;
    }

    public LaunchedConfig on(KernelCalls changed) {
        kernel = changed;
        return this;
    }

    public LaunchedConfig of(CallerRights changed) {
        rights = changed;
        return this;
    }

    /** For a caller who lets these annotations have an effect. */
    public LaunchedConfig allowing(Annotation... annotations) {
        allowed = List.of(annotations);
        return this;
    }

    public LaunchedConfig announcing(Announcement changed) {
        announcement = changed;
        return this;
    }

    public LaunchedConfig with(Ending changed) {
        ending = changed;
        return this;
    }

    Config config() {
        return config.orElseGet(
                () -> ConfigReader.draftToRun(document.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .reading()
                        .value()
                        .orElseThrow());
    }

    public CreateProgram create() {
        Config config = config().allowing(allowed);
        List<String> rescue = List.of("/opt/jrun/bin/jrun", "delete", "--force", "c1");
        return new CreateProgram(
                new LaunchRequest(
                        "c1",
                        config,
                        BUNDLE,
                        cgroup,
                        options,
                        ending,
                        seccomp(config),
                        CALLER_ENVIRONMENT,
                        rescue,
                        Map.of(),
                        rights,
                        console(config),
                        announcement),
                Machine.X86_64,
                kernel);
    }

    static Optional<Console> console(Config config) {
        return config.process()
                .filter(Process::terminal)
                .map(process -> new Console.Sent(CONSOLE, process.consoleSize()));
    }

    /** The filter of its profile, if it has one that can be compiled. */
    static Optional<SeccompFilter> seccomp(Config config) {
        return config.linux()
                .seccomp()
                .flatMap(profile ->
                        SeccompFilter.compile(profile, Machine.X86_64).value());
    }

    /** What is done for the fields at and below {@code pointer}. */
    public List<String> lines(String pointer) {
        return lines(
                create().program(),
                source -> source.pointer().equals(pointer) || source.pointer().startsWith(pointer + "/"));
    }

    /** What is done with this intent. */
    public List<String> intent(String intent) {
        return lines(create().program(), source -> source.intent().equals(intent));
    }

    /** Every call of {@code call} in the order of the program. */
    public List<String> calls(Syscall call) {
        Program program = create().program();
        List<String> all = lines(program, source -> true);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (program.instructions().get(i) instanceof Instruction.SystemCall made && made.call() == call) {
                lines.add(all.get(i));
            }
        }
        return lines;
    }

    /** All system calls of a program, in its order. */
    public static List<String> calls(Program program) {
        List<String> all = lines(program, source -> true);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (program.instructions().get(i) instanceof Instruction.SystemCall) {
                lines.add(all.get(i));
            }
        }
        return lines;
    }

    /** Where the first instruction of a reason is; fails if it has none. */
    public int indexOf(String intent) {
        List<Source> sources = create().program().sources();
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).intent().equals(intent)) {
                return i;
            }
        }
        throw new AssertionError("nothing is done to " + intent);
    }

    /** Where the first instruction for the field at {@code pointer} is; fails if it has none. */
    public int firstFor(String pointer) {
        List<Source> sources = create().program().sources();
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).pointer().equals(pointer)) {
                return i;
            }
        }
        throw new AssertionError("nothing is done for " + pointer);
    }

    /** What a user reads when an instruction with this intent fails. */
    public static List<String> failures(Program program, Errno errno) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < program.instructions().size(); i++) {
            if (program.instructions().get(i).equals(new Instruction.Fail(errno))) {
                texts.add(program.source(i) + ": " + errno.message());
            }
        }
        return texts;
    }

    /** The instructions for such reasons, without the numbers that any other change to the program changes. */
    public static List<String> lines(Program program, Predicate<Source> isMeant) {
        Listing listing =
                new Listing(program, Machine.X86_64, number -> Tag.of(number).name());
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < program.instructions().size(); i++) {
            String line = listing.line(i);
            if (isMeant.test(program.source(i))) {
                lines.add(line.replaceAll("go to \\d+ \\((.*)\\)$", "go to $1")
                        .replaceAll("\\[buffer \\d+(\\+\\d+)?]", "[buffer$1]"));
            }
        }
        return lines;
    }
}
