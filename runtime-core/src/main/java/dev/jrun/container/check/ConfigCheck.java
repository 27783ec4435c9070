// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.check;

import dev.jrun.cgroup.CgroupsPath;
import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.cgroup.systemd.AnnotationProperties;
import dev.jrun.cgroup.systemd.UnitName;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.InvalidConfigException;
import dev.jrun.container.lifecycle.UnsupportedException;
import dev.jrun.kernel.Capability;
import dev.jrun.kernel.Machine;
import dev.jrun.launch.BundleProgram;
import dev.jrun.launch.SeccompListener;
import dev.jrun.seccomp.SeccompFilter;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.Capabilities;
import dev.jrun.spec.Config;
import dev.jrun.spec.Problem;
import dev.jrun.spec.Process;
import dev.jrun.spec.reading.ConfigReader;
import dev.jrun.spec.reading.Draft;
import dev.jrun.spec.reading.Reading;
import dev.jrun.spec.reading.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Verifies that a config.json can be run as it is, before anything is done for it. */
public final class ConfigCheck {

    /** What a line names one by one. */
    private static final int MOST_NAMED = 4;

    private ConfigCheck() {}

    /**
     * A configuration that can be run.
     *
     * @param warnings what of it will not be as its author may expect, a line each
     */
    public record Checked(CheckedConfig config, List<String> warnings) {}

    /**
     * The configuration of a container.
     *
     * @param host what it may ask for
     * @param allowed which annotations the caller lets have an effect that have none otherwise
     * @param cgroups who makes its cgroup
     * @throws InvalidConfigException with every problem that it has, a line each
     * @throws UnsupportedException likewise, if the only ones are that this host does not have what it asks for
     */
    public static Checked check(byte[] document, HostSupport host, List<Annotation> allowed, CgroupDriver.Kind cgroups)
            throws ContainerException {
        Examined examined = examined(document, host, allowed, cgroups);
        Reading<CheckedConfig> reading = examined.on(host);
        if (reading.value().isEmpty()) {
            String problems = String.join("\n", lines(reading.problems()));
            throw examined.reading().problems().isEmpty()
                    ? new UnsupportedException(problems)
                    : new InvalidConfigException(problems);
        }
        CheckedConfig asked = reading.value().get();
        List<Problem> warnings = new ArrayList<>(reading.warnings());
        Config config = new GrantedCapabilities(host.permittedCapabilities(), warnings).limit(asked.config());
        return new Checked(new CheckedConfig(config, asked.seccomp()), lines(warnings));
    }

    /**
     * The configuration that a container was made of.
     *
     * @param allowed which annotations its creator let have an effect that have none otherwise
     * @param cgroups who has made its cgroup
     * @throws InvalidConfigException if it is none any more: this version may know less than the one that has made the
     *     container
     */
    public static CheckedConfig ofContainer(
            byte[] document, HostSupport host, List<Annotation> allowed, CgroupDriver.Kind cgroups)
            throws ContainerException {
        Reading<CheckedConfig> reading =
                examined(document, host, allowed, cgroups).reading();
        return reading.value()
                .orElseThrow(() -> new ContainerException(
                        "the stored configuration of the container is not valid for this version of jrun: "
                                + String.join("\n", lines(reading.problems()))));
    }

    /** Everything that can be said of a configuration on {@code host}, whoever is to run it. */
    public static Reading<CheckedConfig> examine(
            byte[] document, HostSupport host, List<Annotation> allowed, CgroupDriver.Kind cgroups) {
        return examined(document, host, allowed, cgroups).on(host);
    }

    /** @param draft what the configuration is as far as it has no problems */
    private record Examined(Optional<Config> draft, Reading<CheckedConfig> reading) {

        /** The same, and what {@code host} does not have. */
        Reading<CheckedConfig> on(HostSupport host) {
            List<Problem> problems = new ArrayList<>(reading.problems());
            draft.ifPresent(config -> problems.addAll(host.problems(config)));
            return problems.isEmpty() ? reading : new Reading<>(Optional.empty(), problems, reading.warnings());
        }
    }

    private static Examined examined(
            byte[] document, HostSupport host, List<Annotation> allowed, CgroupDriver.Kind cgroups) {
        if (document.length > BundleProgram.MAX_CONFIG) {
            Problem tooLong = new Problem(
                    "",
                    "",
                    "longer than the " + (BundleProgram.MAX_CONFIG >> 20) + " MiB that are allowed",
                    Optional.empty());
            return new Examined(Optional.empty(), new Reading<>(Optional.empty(), List.of(tooLong), List.of()));
        }
        Draft<Config> read = ConfigReader.draftToRun(document);
        List<Problem> problems = new ArrayList<>(read.reading().problems());
        List<Problem> warnings = new ArrayList<>(read.reading().warnings());
        Optional<Config> draft =
                read.draft().isPresent() ? Optional.of(allowing(read.draft().get(), host, allowed)) : Optional.empty();
        Optional<SeccompFilter> seccomp =
                draft.isPresent() ? examine(read, draft.get(), cgroups, problems, warnings) : Optional.empty();
        Optional<CheckedConfig> checked =
                problems.isEmpty() ? Optional.of(new CheckedConfig(draft.orElseThrow(), seccomp)) : Optional.empty();
        return new Examined(draft, new Reading<>(checked, problems, warnings));
    }

    private static Config allowing(Config config, HostSupport host, List<Annotation> allowed) {
        return config.allowing(host.allowed(config.annotations(), allowed));
    }

    /** Adds what is to be said of what is as it should be. */
    private static Optional<SeccompFilter> examine(
            Draft<Config> read,
            Config config,
            CgroupDriver.Kind cgroups,
            List<Problem> problems,
            List<Problem> warnings) {
        addCgroups(config, cgroups, problems, warnings);
        problems.addAll(BehaviouralAnnotations.problems(config));
        warnings.addAll(BehaviouralAnnotations.warnings(config));
        if (read.isSound("/process/capabilities")) {
            config.process().ifPresent(process -> addUnknownCapabilities(warnings, process));
        }
        if (!read.isSound("/linux/seccomp")) {
            return Optional.empty();
        }
        problems.addAll(BehaviouralAnnotations.seccompProblems(config));
        return compileSeccomp(config, problems, warnings);
    }

    private static void addCgroups(
            Config config, CgroupDriver.Kind cgroups, List<Problem> problems, List<Problem> warnings) {
        String path = config.linux().cgroupsPath().orElse("");
        if (cgroups == CgroupDriver.Kind.SYSTEMD) {
            UnitName.problem(path).ifPresent(problems::add);
            problems.addAll(AnnotationProperties.problems(config.annotations()));
            warnings.addAll(AnnotationProperties.withoutEffect(config.annotations()));
        } else if (config.linux().cgroupsPath().isPresent()) {
            CgroupsPath.problem(path).ifPresent(problems::add);
        }
    }

    private static Optional<SeccompFilter> compileSeccomp(
            Config config, List<Problem> problems, List<Problem> warnings) {
        if (config.linux().seccomp().isEmpty()) {
            return Optional.empty();
        }
        Reading<SeccompFilter> filter =
                SeccompFilter.compile(config.linux().seccomp().get(), Machine.host());
        problems.addAll(filter.problems());
        problems.addAll(SeccompListener.problems(config));
        warnings.addAll(filter.warnings());
        return filter.value();
    }

    /**
     * Adds what of the capabilities of {@code process} cannot be given to anybody, with pointers as of a configuration
     * that it is in.
     */
    public static void addUnknownCapabilities(List<Problem> warnings, Process process) {
        if (process.capabilities().isPresent()) {
            Capabilities capabilities = process.capabilities().get();
            addUnknown(warnings, "bounding", capabilities.bounding());
            addUnknown(warnings, "effective", capabilities.effective());
            addUnknown(warnings, "inheritable", capabilities.inheritable());
            addUnknown(warnings, "permitted", capabilities.permitted());
            addUnknown(warnings, "ambient", capabilities.ambient());
            addUnraisable(warnings, capabilities);
        }
    }

    /**
     * capabilities(7), "ambient". Of any user, as in newer runc: "cannot be granted otherwise, MUST be logged as a
     * warning". One for all, and short where they are many: Buildah before 1.38 asks for its default set of fourteen in
     * each step of a build.
     */
    private static void addUnraisable(List<Problem> warnings, Capabilities capabilities) {
        List<String> lost = new ArrayList<>();
        for (String name : capabilities.ambient().orElse(List.of())) {
            boolean raisable = capabilities.permitted().orElse(List.of()).contains(name)
                    && capabilities.inheritable().orElse(List.of()).contains(name);
            if (!raisable && Capability.named(name).isPresent()) {
                lost.add('"' + name + '"');
            }
        }
        if (!lost.isEmpty()) {
            warnings.add(new Problem(
                    "/process/capabilities/ambient",
                    lost.size() > MOST_NAMED ? lost.size() + " capabilities" : String.join(", ", lost),
                    "left out, since only what is both permitted and inheritable can be ambient",
                    Optional.empty()));
        }
    }

    /** "Any value which cannot be mapped … MUST be logged as a warning": process.capabilities of config.md. */
    private static void addUnknown(List<Problem> warnings, String set, Optional<List<String>> names) {
        List<String> list = names.orElse(List.of());
        for (int i = 0; i < list.size(); i++) {
            if (Capability.named(list.get(i)).isEmpty()) {
                warnings.add(new Problem(
                        "/process/capabilities/" + set + "/" + i,
                        "\"" + list.get(i) + "\"",
                        "jrun knows no such capability and leaves it out",
                        Spelling.nearest(list.get(i), names())));
            }
        }
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Capability capability : Capability.values()) {
            names.add(capability.name());
        }
        return names;
    }

    private static List<String> lines(List<Problem> problems) {
        List<String> lines = new ArrayList<>(problems.size());
        for (Problem problem : problems) {
            lines.add(problem.in("config.json"));
        }
        return lines;
    }
}
