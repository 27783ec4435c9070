// SPDX-License-Identifier: Apache-2.0
/** How values come into the control files of cgroups: for good, or in a way that can be taken back. */
package dev.jrun.cgroup.writing;
