"""Thai."""
# ruff: noqa: E501 - a table of phrases reads better one kind to a line

from seawall.simulate.phrases.model import EMOJI, Phrases

PHRASES = Phrases(
    comment=("{praise}{emoji}", "{praise} {ask}", "{ask}{emoji}", "{person}ต้องชอบแน่เลย", "ลองทำ{food}เมื่อคืน {result}", "เห็น{thing}แล้วคิดถึงตอนเด็ก{emoji}"),
    caption=("{food}ใน {day} นาที{emoji} #{tag}", "ฝึก{skill}สัปดาห์ที่ {day} #{tag}", "ซ่อม{thing}เองที่บ้าน"),
    speech=("สวัสดีทุกคน วันนี้มาฝึก{skill}กัน", "ขอบคุณสำหรับของขวัญนะ", "ทำ{food}ต้องใช้ไฟอ่อน"),
    title=("คุยไป{skill}ไป{emoji}", "ทำ{food}สด ๆ"),
    bio=("ชอบ{skill}กับ{food}", "เล่าเรื่อง{thing}{emoji}"),
    slots={
        "emoji": EMOJI,
        "praise": ("ชอบมาก", "เก่งสุด ๆ", "น่ารักจัง", "ดีมากเลย", "ดูวนหลายรอบแล้ว"),
        "ask": ("ซื้อ{thing}ที่ไหน", "เพลงอะไรคะ", "ครั้งหน้าทำ{food}ได้ไหม", "มีภาคสองไหม"),
        "person": ("พี่สาว", "พ่อ", "ยาย", "เพื่อนสนิท"),
        "thing": ("จักรยาน", "กล้องเก่า", "ต้นไม้", "โคมไฟ"),
        "food": ("ผัดไทย", "ส้มตำ", "แกงเขียวหวาน", "ข้าวเหนียวมะม่วง"),
        "result": ("อร่อยมาก", "ไหม้หมดเลย", "ทุกคนชอบ"),
        "skill": ("กีตาร์", "วาดรูป", "หมากรุก", "ถักไหมพรม"),
        "tag": ("ทำอาหารที่บ้าน", "เรียนด้วยกัน", "วันหยุด"),
        "day": ("2", "3", "5", "7", "12", "30"),
    },
)  # fmt: skip
