// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.engine.Call;
import dev.jrun.engine.LogFile;
import dev.jrun.spec.Annotation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The options before the command's name.
 *
 * @param root the directory of the states, absolute
 * @param isRootGiven whether the caller names it
 * @param log where errors are appended to, as the caller names it; empty: nowhere
 * @param logFormat of that file
 * @param level how much to say
 * @param allowed annotations that have an effect only because the caller allows them
 * @param cgroups who makes the cgroups of new containers
 */
public record GlobalOptions(
        String root,
        boolean isRootGiven,
        String log,
        LogFormat logFormat,
        LogLevel level,
        List<Annotation> allowed,
        CgroupDriver.Kind cgroups) {

    private static final String DEFAULT_ROOT = "/run/jrun";
    private static final String FILE_PREFIX = "file:";
    private static final String SYSTEMD_CGROUP = "--systemd-cgroup";
    private static final String ALLOW_ANNOTATION = "--allow-annotation";

    public static void describe(CommandSpec spec) {
        Options.values(
                spec,
                "KEY",
                "honour this annotation of config.json, which may come from an image: " + String.join(", ", allowable())
                        + "; can be repeated",
                ALLOW_ANNOTATION);
        Options.flag(spec, "show what the engine and the shim do; same as --log-level debug", "--debug");
        Options.value(
                spec, "FILE", "append errors and warnings to this file; or file:FILE, journald:ID, syslog:ID", "--log");
        Options.value(spec, "FORMAT", "format of the log file: text (default) or json", "--log-format");
        Options.value(spec, "LEVEL", "what to show: error, warning (default), info or debug", "--log-level");
        Options.value(
                spec,
                "DIR",
                "directory of the containers' states (default " + DEFAULT_ROOT
                        + ", or $XDG_RUNTIME_DIR/jrun for users other than root)",
                "--root");
        Options.value(
                spec,
                "WHEN",
                "true, false or auto; no effect: without the right to make cgroups, containers go without",
                "--rootless");
        Options.flag(
                spec,
                "have systemd make the cgroups of new containers; same as --cgroup-manager systemd",
                SYSTEMD_CGROUP);
        Options.value(
                spec,
                "MANAGER",
                "what makes the cgroups of new containers: cgroupfs (default), systemd, or disabled for none",
                "--cgroup-manager");
    }

    public static GlobalOptions of(ParseResult parsed, Call call) throws CommandException {
        String rootless = Options.get(parsed, "--rootless", "auto");
        if (!List.of("true", "false", "auto").contains(rootless)) {
            throw CommandException.ofValue("--rootless", rootless, "true, false, auto");
        }
        String root = Options.get(parsed, "--root", "");
        return new GlobalOptions(
                root.isEmpty() ? defaultRoot(call) : CallerPath.absolute(root, call),
                !root.isEmpty(),
                logFile(Options.get(parsed, "--log", "")),
                LogFormat.of(Options.get(parsed, "--log-format", "text")),
                Options.isSet(parsed, "--debug")
                        ? LogLevel.DEBUG
                        : LogLevel.of(Options.get(parsed, "--log-level", "warning")),
                allowed(Options.all(parsed, ALLOW_ANNOTATION)),
                manager(Options.isSet(parsed, SYSTEMD_CGROUP), Options.get(parsed, "--cgroup-manager", "")));
    }

    private static List<Annotation> allowed(List<String> keys) throws CommandException {
        List<Annotation> allowed = new ArrayList<>(keys.size());
        for (String key : keys) {
            Optional<Annotation> annotation = Annotation.allowable(key);
            if (annotation.isEmpty()) {
                throw CommandException.ofValue(ALLOW_ANNOTATION, key, String.join(", ", allowable()));
            }
            allowed.add(annotation.get());
        }
        return allowed;
    }

    private static List<String> allowable() {
        List<String> keys = new ArrayList<>();
        for (Annotation annotation : Annotation.values()) {
            if (annotation.takesAllowance()) {
                keys.add(annotation.key());
            }
        }
        return keys;
    }

    /** crun's names, and runc's flag for one of them. */
    private static CgroupDriver.Kind manager(boolean systemd, String name) throws CommandException {
        if (name.isEmpty()) {
            return systemd ? CgroupDriver.Kind.SYSTEMD : CgroupDriver.Kind.CGROUPFS;
        }
        Optional<CgroupDriver.Kind> kind = CgroupDriver.Kind.of(name);
        if (kind.isEmpty()) {
            throw CommandException.ofValue("--cgroup-manager", name, "cgroupfs, systemd, disabled");
        }
        if (systemd && kind.get() != CgroupDriver.Kind.SYSTEMD) {
            throw new CommandException(SYSTEMD_CGROUP + " cannot be combined with --cgroup-manager " + name);
        }
        return kind.get();
    }

    /** crun's destinations. */
    private static String logFile(String destination) {
        return destination.startsWith(FILE_PREFIX) ? destination.substring(FILE_PREFIX.length()) : destination;
    }

    /**
     * A message as the log is to have it.
     *
     * @param level error, warning, info or debug
     */
    public String logged(String level, String message, Instant time) {
        return log.startsWith(LogFile.JOURNALD) || log.startsWith(LogFile.SYSLOG)
                ? new SystemLog(log).message(level, message)
                : logFormat.line(level, message, time);
    }

    /** Whether to say what the engine and the shim do. */
    public boolean debug() {
        return level == LogLevel.DEBUG;
    }

    /** Whether to say what does not keep a call from being done. */
    boolean warns() {
        return level != LogLevel.ERROR;
    }

    /**
     * The directory of the engines' sockets, where the shim looks for it (engine.c); empty if it has no name that Java
     * can say.
     */
    static Optional<Path> engines(Call call) {
        try {
            return Optional.of(Path.of(defaultRoot(call), "engine"));
        } catch (CommandException noText) {
            return Optional.empty();
        }
    }

    /**
     * Root's place never depends on the environment: a container's directory may be in there. Root of a user namespace
     * that has a user's rights outside, to whom {@code /run} does not belong, has a place as that user has.
     */
    private static String defaultRoot(Call call) throws CommandException {
        if (CallerUser.uid() == 0 && !CallerUser.hasNoRun()) {
            return DEFAULT_ROOT;
        }
        String runtime = call.environment().getOrDefault("XDG_RUNTIME_DIR", "");
        if (!runtime.startsWith("/")) {
            return DEFAULT_ROOT;
        }
        CallerPath.checkIsUtf8("value of XDG_RUNTIME_DIR", runtime);
        return runtime + "/jrun";
    }
}
