// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.device.DeviceChange;
import dev.jrun.cgroup.writing.RevocableWriting;

/** The controller of which devices may be used. Its rules may also be changed while a container uses some. */
interface DeviceRulesController extends Controller {

    /**
     * Has a cgroup keep other rules than before. Devices that may be used before and afterwards may be used meanwhile.
     *
     * @param writing by which it can be taken back
     * @throws CgroupException if this host cannot do that; what was done before that is in {@code writing}
     */
    void update(Cgroup cgroup, DeviceChange change, RevocableWriting writing) throws CgroupException;
}
