// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.writing;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;

/** Writes to cgroups that are removed if anything fails: what they had before does not matter. */
public final class WritingForGood implements Writing {

    public static final WritingForGood INSTANCE = new WritingForGood();

    private WritingForGood() {}

    @Override
    public void write(CgroupFile file, String value, FormerValue former) throws CgroupException {
        file.write(value);
    }
}
