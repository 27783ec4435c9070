// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.spec.Config;
import dev.jrun.spec.ContainerPath;
import dev.jrun.spec.Hook;
import dev.jrun.spec.Hooks;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Process;
import java.util.List;

/** How large a launch program becomes, before it is made: more rather than less, for who has to find room for it. */
public final class ProgramSize {

    /** An instruction with its operands and its source, and once more as the shim reads it. */
    private static final int INSTRUCTION = 320;

    /** A string with its place in the image and a pointer to it. */
    private static final int STRING = 160;

    private static final int COMMON = 1500;
    private static final int MOUNT = 60;
    private static final int PATH = 16;
    private static final int DEVICE = 100;
    private static final int PARAMETER = 30;
    private static final int NET_DEVICE = 150;
    private static final int HOOK = 200;

    private ProgramSize() {}

    /** The bytes of heap that the program of this configuration takes at most. */
    public static long bytes(Config config) {
        return (long) INSTRUCTION * instructions(config) + (long) STRING * strings(config);
    }

    /** The instructions that it has at most. */
    static int instructions(Config config) {
        Linux linux = config.linux();
        return COMMON
                + MOUNT * config.mounts().size()
                + PATH * (names(linux.maskedPaths()) + names(linux.readonlyPaths()))
                + DEVICE * linux.devices().size()
                + PARAMETER * linux.sysctl().size()
                + NET_DEVICE * linux.netDevices().size()
                + HOOK * inLaunch(config.hooks());
    }

    /** A path with ".." may name two files, see {@link dev.jrun.launch.rootfs.PathRestrictions}. */
    private static int names(List<String> paths) {
        int names = paths.size();
        for (String path : paths) {
            if (ContainerPath.leadsUp(path)) {
                names++;
            }
        }
        return names;
    }

    private static int inLaunch(Hooks hooks) {
        return hooks.prestart().size()
                + hooks.createRuntime().size()
                + hooks.createContainer().size()
                + hooks.startContainer().size()
                + hooks.poststart().size();
    }

    private static int strings(Config config) {
        int strings = 0;
        if (config.process().isPresent()) {
            Process process = config.process().get();
            strings = process.args().size() + process.env().size();
        }
        Hooks hooks = config.hooks();
        return strings
                + strings(hooks.prestart())
                + strings(hooks.createRuntime())
                + strings(hooks.createContainer())
                + strings(hooks.startContainer())
                + strings(hooks.poststart());
    }

    private static int strings(List<Hook> hooks) {
        int strings = 0;
        for (Hook hook : hooks) {
            strings += hook.args().size()
                    + (hook.env().isPresent() ? hook.env().get().size() : 0);
        }
        return strings;
    }
}
