// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.writing;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;

/** How values come into control files. */
public interface Writing {

    /**
     * Writes a value.
     *
     * @param former how the file says what there was before
     * @throws CgroupException if the kernel refuses it; the file then is as it was
     */
    void write(CgroupFile file, String value, FormerValue former) throws CgroupException;
}
