package testsite

import (
	"math/rand/v2"
	"strings"
)

// This file is the vocabulary of generated prose. It is wide enough that the text compresses as real Chinese text does, about
// three to one: with fewer words, whatever stores or compares pages would look better here than it is.

var (
	openings = strings.Fields("后来 其实 有时 一般来说 说到底 出乎意料的是 从结果看 按照惯例 换个角度 直到上周 在那之后 老实说 回头看 严格地讲 幸运的是 " +
		"可惜 据我所知 平心而论 更常见的是 归根结底 不难发现 第二天 到了年底 在小样本上 换成中文以后 关掉缓存之后 把窗口放大 若只看平均 抛开成本不谈 单就这一项而言 " +
		"翻过日志才知道 经同事提醒 与预期相反 按论文的说法 在我的机器上 去掉注释行 改用双卡 碰到生僻字 夜里重跑一遍 一旦上线")
	actors = strings.Fields("编码器 解码器 词向量 注意力 优化器 损失函数 评测脚本 标注员 分词器 缓存 调度程序 语料 奖励信号 检索器 重排模型 提示词 日志 显卡 参数 梯度 验证集 残差 " +
		"位置编码 采样温度 数据管道 教师网络 学生网络 线上服务 用户 产品经理 旧代码 新版本 监控面板 随机种子 批次 词表 句子 段落 知识图谱 模板 规则 正则表达式 配置文件 " +
		"镜像 依赖库 索引 向量库 会话 摘要 标题 噪声 异常值 阈值 温度计 基线 上下文 截断 填充 掩码")
	manners = strings.Fields("悄悄地 几乎 仍然 往往 很快 勉强 未必 照样 再次 不再 逐渐 突然 始终 偶尔 通常 稳定地 过早地 充分地 粗略地 反复 同时 至少 恰好 果然 明显 只好 顺手 " +
		"一律 尽量 临时 单独 完整地 机械地 间接 主动 耐心地")
	deeds = strings.Fields("抵消了 放大了 掩盖着 决定着 依赖于 超出了 拖慢了 修正了 复制了 忽略了 压缩了 改写了 替代了 淹没了 暴露出 记录下 继承了 分担了 补上了 打乱了 对齐了 绕过了 触发了 限制住 " +
		"解释了 检验着 牵连到 浪费了 节省了 塑造着 延后了 合并了 拆开了 冲淡了 校准了 推翻了 印证了 低估了 高估了 颠倒了")
	qualities = strings.Fields("多余的 稀疏的 隐含的 冗长的 相邻的 陈旧的 难得的 局部的 全局的 细小的 沉重的 脆弱的 可疑的 朴素的 昂贵的 廉价的 无关的 对称的 离散的 连续的 偶然的 必要的 " +
		"模糊的 清楚的 零碎的 完整的 重复的 意外的 长尾的 高频的 低频的 人工的 自动的 早期的 后续的 隐蔽的 公开的 私有的")
	matters = strings.Fields("差距 偏差 收益 代价 假设 边界 顺序 分布 延迟 波动 结构 细节 错误 信号 语义 歧义 指代 时态 语气 格式 引用 接口 约束 权重 样本 标签 指标 曲线 步骤 层次 习惯 前提 风险 空白 " +
		"冲突 口径 粒度 版本 脚注 公式 插图 结论 动机 直觉 经验 教训 线索 证据 例外 余量 瓶颈 负担 惯性 默契 成见")
	closings = strings.Fields("所以先别急着调参 这一点值得记下来 剩下的就交给时间 读者可以自己试试 这也是我写下它的原因 下一节再细说 不妨先放一放 别的团队也遇到过 " +
		"至今没有更好的解释 数字不会说谎 只是没有人愿意承认 到这里才算告一段落 代码反而更短了 以后还会遇到 当时谁也没有在意 结果皆大欢喜")
)

// prose is a sentence of two to four clauses.
func prose(r *rand.Rand) string {
	var b strings.Builder
	if r.IntN(2) == 0 {
		b.WriteString(pick(r, openings) + "，")
	}
	for i := range 2 + r.IntN(3) {
		if i > 0 {
			b.WriteString("，")
		}
		b.WriteString(pick(r, actors))
		if r.IntN(3) > 0 {
			b.WriteString(pick(r, manners))
		}
		b.WriteString(pick(r, deeds))
		if r.IntN(3) > 0 {
			b.WriteString(pick(r, qualities))
		}
		b.WriteString(pick(r, matters))
	}
	if r.IntN(4) == 0 {
		b.WriteString("，" + pick(r, closings))
	}
	b.WriteString("。")
	return b.String()
}
